package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
)

// In this order: the first makes the row that others read, the last deletes it.
var checks = []check{
	{"Create makes a province", create},
	{"Get gives the row", func(s *session) error { return expectRow(s.get(testId)) }},
	{"Get of an unknown id is NotFound", getUnknown},
	{"an unknown method is Unimplemented", unknownMethod},
	{"an unknown service is Unimplemented", unknownService},
	{"List gives a page and its pagination", list},
	{"List of another table", listOther},
	{"a deadline that has passed before the call", expired},
	{"a negative timeout is DEADLINE_EXCEEDED", negativeTimeout},
	{"an oversize frame is refused and the connection lives", oversize},
	{"50 callers at once on one connection", concurrent},
	{"Delete removes the province", remove},
}

func create(s *session) error {
	// What an interrupted run left behind; usually it is NotFound.
	id := int64(testId)
	_ = s.call(provinsiService, "Delete", &DeleteRequest{Id: &id}, &ProvinsiReply{})

	row, name, zero := int32(testId), "UJI", "0"
	request := &CreateProvinsiRequest{
		Data: &Provinsi{Id: &row, Name: &name, AltName: &name, Latitude: &zero, Longitude: &zero},
	}
	reply := &ProvinsiReply{}
	err := s.call(provinsiService, "Create", request, reply)
	return expectRow(reply, err)
}

func getUnknown(s *session) error {
	_, err := s.get(98)
	return expectCode(err, codes.NotFound)
}

func unknownMethod(s *session) error {
	err := s.call(provinsiService, "Nothing", &GetRequest{}, &ProvinsiReply{})
	return named(expectCode(err, codes.Unimplemented), err, "Nothing")
}

func unknownService(s *session) error {
	err := s.call("bahari.v1.NoService", "Get", &GetRequest{}, &ProvinsiReply{})
	return named(expectCode(err, codes.Unimplemented), err, "bahari.v1.NoService")
}

// named passes a fault on, or says that the status does not name its subject.
func named(fault, err error, subject string) error {
	if fault == nil && !strings.Contains(err.Error(), subject) {
		return fmt.Errorf("%v does not name %s", err, subject)
	}
	return fault
}

func list(s *session) error {
	limit := int32(5)
	reply := &ListProvinsiReply{}
	if err := s.call(provinsiService, "List", &ListRequest{Limit: &limit}, reply); err != nil {
		return err
	}
	page := reply.Pagination
	if page == nil || page.Total == nil || page.TotalPages == nil || page.Limit == nil || page.Page == nil {
		return fmt.Errorf("pagination %v is not complete", page)
	}
	if *page.Limit != limit || *page.Page != 1 {
		return fmt.Errorf("page %d of limit %d, expected page 1 of limit 5", *page.Page, *page.Limit)
	}
	if *page.Total < 1 || *page.TotalPages != (*page.Total+4)/5 {
		return fmt.Errorf("%d rows on %d pages of 5", *page.Total, *page.TotalPages)
	}
	rows := int64(limit)
	if *page.Total < rows {
		rows = *page.Total
	}
	if int64(len(reply.Data)) != rows {
		return fmt.Errorf("%d rows, expected %d of %d", len(reply.Data), rows, *page.Total)
	}
	return nil
}

func listOther(s *session) error {
	limit := int32(5)
	reply := &ListDesaReply{}
	if err := s.call(desaService, "List", &ListRequest{Limit: &limit}, reply); err != nil {
		return err
	}
	if reply.Pagination == nil || len(reply.Data) > 5 {
		return fmt.Errorf("%d rows, pagination %v", len(reply.Data), reply.Pagination)
	}
	for _, row := range reply.Data {
		if row.Id == nil || text(row.Name) == "" {
			return fmt.Errorf("row %v lacks its id or name", row)
		}
	}
	return nil
}

// The client gives up by itself at once; the server is to be undisturbed by what it may have sent.
func expired(s *session) error {
	ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	id := int64(testId)
	err := s.client.Call(ctx, provinsiService, "Get", &GetRequest{Id: &id}, &ProvinsiReply{})
	if !errors.Is(err, context.DeadlineExceeded) {
		if fault := expectCode(err, codes.DeadlineExceeded); fault != nil {
			return fault
		}
	}
	return expectRow(s.get(testId))
}

func concurrent(s *session) error {
	const callers, calls = 50, 20
	faults := make(chan error, callers)
	for caller := 0; caller < callers; caller++ {
		go func() {
			var fault error
			for i := 0; i < calls && fault == nil; i++ {
				fault = expectRow(s.get(testId))
			}
			faults <- fault
		}()
	}
	var first error
	for caller := 0; caller < callers; caller++ {
		if fault := <-faults; fault != nil && first == nil {
			first = fault
		}
	}
	return first
}

func remove(s *session) error {
	id := int64(testId)
	reply := &ProvinsiReply{}
	if err := s.call(provinsiService, "Delete", &DeleteRequest{Id: &id}, reply); err != nil {
		return err
	}
	if text(reply.ResponseCode) != "2000000" {
		return fmt.Errorf("response_code %q, expected 2000000", text(reply.ResponseCode))
	}
	_, err := s.get(testId)
	return expectCode(err, codes.NotFound)
}
