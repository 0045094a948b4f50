package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/containerd/ttrpc"
	"github.com/gogo/protobuf/proto"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	headerSize   = 10
	typeRequest  = 1
	typeResponse = 2
)

// rawConnection is a connection of its own, without a client that would check what is sent.
type rawConnection struct{ net.Conn }

func dialRaw(socket string) (*rawConnection, error) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return nil, err
	}
	return &rawConnection{conn}, conn.SetDeadline(time.Now().Add(patience))
}

func (c *rawConnection) send(stream uint32, data []byte) error {
	frame := make([]byte, headerSize, headerSize+len(data))
	binary.BigEndian.PutUint32(frame, uint32(len(data)))
	binary.BigEndian.PutUint32(frame[4:], stream)
	frame[8] = typeRequest
	_, err := c.Write(append(frame, data...))
	return err
}

func (c *rawConnection) sendGet(stream uint32, id, timeout int64) error {
	payload, err := proto.Marshal(&GetRequest{Id: &id})
	if err != nil {
		return err
	}
	data, err := proto.Marshal(&ttrpc.Request{
		Service: provinsiService, Method: "Get", Payload: payload, TimeoutNano: timeout,
	})
	if err != nil {
		return err
	}
	return c.send(stream, data)
}

// receive gives the next frame, which must be the Response of this stream.
func (c *rawConnection) receive(stream uint32) (*ttrpc.Response, error) {
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(c, header); err != nil {
		return nil, fmt.Errorf("no response on stream %d: %v", stream, err)
	}
	data := make([]byte, binary.BigEndian.Uint32(header))
	if _, err := io.ReadFull(c, data); err != nil {
		return nil, err
	}
	if got := binary.BigEndian.Uint32(header[4:]); got != stream || header[8] != typeResponse {
		return nil, fmt.Errorf("a frame of type %d on stream %d, expected a Response on %d", header[8], got, stream)
	}
	response := &ttrpc.Response{}
	return response, proto.Unmarshal(data, response)
}

func (c *rawConnection) expectStatus(stream uint32, want codes.Code) error {
	response, err := c.receive(stream)
	if err != nil {
		return err
	}
	if response.Status == nil {
		return fmt.Errorf("a response without status on stream %d, expected %v", stream, want)
	}
	return expectCode(status.ErrorProto(response.Status), want)
}

func (c *rawConnection) expectGet(stream uint32) error {
	if err := c.sendGet(stream, testId, 0); err != nil {
		return err
	}
	response, err := c.receive(stream)
	if err != nil {
		return err
	}
	if response.Status != nil {
		return fmt.Errorf("status %v, expected the row", response.Status)
	}
	reply := &ProvinsiReply{}
	err = proto.Unmarshal(response.Payload, reply)
	return expectRow(reply, err)
}

func negativeTimeout(s *session) error {
	conn, err := dialRaw(s.socket)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.sendGet(1, testId, -int64(time.Second)); err != nil {
		return err
	}
	if err := conn.expectStatus(1, codes.DeadlineExceeded); err != nil {
		return err
	}
	return conn.expectGet(3)
}

func oversize(s *session) error {
	conn, err := dialRaw(s.socket)
	if err != nil {
		return err
	}
	defer conn.Close()
	// The server may answer before it has read all of this, or after.
	if err := conn.send(1, make([]byte, 5<<20)); err != nil {
		return fmt.Errorf("the frame could not be sent whole: %v", err)
	}
	if err := conn.expectStatus(1, codes.ResourceExhausted); err != nil {
		return err
	}
	return conn.expectGet(3)
}
