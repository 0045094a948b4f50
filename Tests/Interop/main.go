// Interop calls a Bahari server with an unmodified ttrpc client of another language: containerd's, in Go.
//
// Needs golang-go and golang-github-containerd-ttrpc-dev (ttrpc 1.1 with gogo/protobuf); nothing is downloaded:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o .build/interop ./Tests/Interop
//	.build/interop [-wait 90s] SOCKET
//
// SOCKET is that of a server whose tables of regions exist; with -wait it may take that long to come up. The
// program makes province 99 and deletes it again. It prints "ok" or "FAIL" per check and a count at the end,
// and exits with 1 when a check failed.
//
//	main.go      the run and what the checks share
//	checks.go    the checks, in their order
//	raw.go       frames by hand, for what the client never sends
//	messages.go  the messages of Proto/bahari/v1 that are used
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// No check waits longer: a server that does not answer fails it.
const patience = 20 * time.Second

const (
	provinsiService = "bahari.v1.ProvinsiService"
	desaService     = "bahari.v1.DesaService"
	testId          = 99
)

type check struct {
	name string
	run  func(*session) error
}

// session is what the checks work with: the address, and one client that all share.
type session struct {
	socket string
	client *ttrpc.Client
}

func (s *session) call(service, method string, request, reply interface{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.client.Call(ctx, service, method, request, reply)
}

func (s *session) get(id int64) (*ProvinsiReply, error) {
	reply := &ProvinsiReply{}
	err := s.call(provinsiService, "Get", &GetRequest{Id: &id}, reply)
	return reply, err
}

func main() {
	wait := flag.Duration("wait", 0, "how long the server may take to come up")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: interop [-wait 90s] SOCKET")
		os.Exit(2)
	}
	conn, err := dial(flag.Arg(0), time.Now().Add(*wait))
	if err != nil {
		fmt.Fprintf(os.Stderr, "interop: cannot connect to %s: %v; start the server first\n", flag.Arg(0), err)
		os.Exit(2)
	}
	s := &session{socket: flag.Arg(0), client: ttrpc.NewClient(conn)}
	defer s.client.Close()

	passed, failed := 0, 0
	for _, c := range checks {
		if err := c.run(s); err != nil {
			failed++
			fmt.Printf("FAIL  %s: %v\n", c.name, err)
		} else {
			passed++
			fmt.Printf("ok    %s\n", c.name)
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

// dial connects as soon as the server listens, and gives up at the deadline.
func dial(socket string, deadline time.Time) (net.Conn, error) {
	for {
		conn, err := net.Dial("unix", socket)
		if err == nil || time.Now().After(deadline) {
			return conn, err
		}
		// The file is not there yet, or nobody listens on it: nothing but another attempt can tell.
		time.Sleep(20 * time.Millisecond)
	}
}

// expectCode says what is wrong unless err is a status of this code with a message.
func expectCode(err error, want codes.Code) error {
	if err == nil {
		return fmt.Errorf("it went well, expected %v", want)
	}
	got, ok := status.FromError(err)
	if !ok {
		return fmt.Errorf("%v, which is no status; expected %v", err, want)
	}
	if got.Code() != want {
		return fmt.Errorf("status %v (%s), expected %v", got.Code(), got.Message(), want)
	}
	if got.Message() == "" {
		return fmt.Errorf("status %v has no message", want)
	}
	return nil
}

// expectRow says what is wrong unless the reply is a success with the row that the first check made.
func expectRow(reply *ProvinsiReply, err error) error {
	if err != nil {
		return err
	}
	if text(reply.ResponseCode) != "2000000" {
		return fmt.Errorf("response_code %q, expected 2000000", text(reply.ResponseCode))
	}
	if reply.Data == nil || reply.Data.Id == nil || *reply.Data.Id != testId || text(reply.Data.Name) != "UJI" {
		return fmt.Errorf("data %v, expected id %d and name UJI", reply.Data, testId)
	}
	return nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
