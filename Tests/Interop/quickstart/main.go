// The quick start for Go of Clients/README.md: a province by its id.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o .build/quickstart-go ./Tests/Interop/quickstart
//	.build/quickstart-go /run/bahari/bahari.sock
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The fields that are used, by their numbers in Proto/bahari/v1; protoc-gen-gogo writes them all.
type GetRequest struct {
	Id *int64 `protobuf:"varint,1,opt,name=id"`
}

type Provinsi struct {
	Id   *int32  `protobuf:"varint,1,opt,name=id"`
	Name *string `protobuf:"bytes,2,opt,name=name"`
}

type ProvinsiReply struct {
	Data *Provinsi `protobuf:"bytes,4,opt,name=data"`
}

func (m *GetRequest) Reset()            { *m = GetRequest{} }
func (m *GetRequest) String() string    { return fmt.Sprintf("%+v", *m) }
func (m *GetRequest) ProtoMessage()     {}
func (m *Provinsi) Reset()              { *m = Provinsi{} }
func (m *Provinsi) String() string      { return fmt.Sprintf("%+v", *m) }
func (m *Provinsi) ProtoMessage()       {}
func (m *ProvinsiReply) Reset()         { *m = ProvinsiReply{} }
func (m *ProvinsiReply) String() string { return fmt.Sprintf("%+v", *m) }
func (m *ProvinsiReply) ProtoMessage()  {}

func main() {
	conn, err := net.Dial("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	client := ttrpc.NewClient(conn)
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()

	id, reply := int64(11), &ProvinsiReply{}
	err = client.Call(ctx, "bahari.v1.ProvinsiService", "Get", &GetRequest{Id: &id}, reply)
	switch status.Code(err) {
	case codes.OK:
		fmt.Println(*reply.Data.Id, *reply.Data.Name)
	case codes.NotFound:
		fmt.Println("there is no province 11")
	default:
		log.Fatal(err)
	}
}
