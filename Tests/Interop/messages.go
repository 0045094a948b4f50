package main

import "fmt"

// The messages of Proto/bahari/v1 that the checks use, as gogo/protobuf reads them: written by hand, so that
// a fault of our generated code cannot hide in both ends.

type GetRequest struct {
	Id     *int64   `protobuf:"varint,1,opt,name=id"`
	Column *string  `protobuf:"bytes,2,opt,name=column"`
	Value  *string  `protobuf:"bytes,3,opt,name=value"`
	Fields []string `protobuf:"bytes,4,rep,name=fields"`
}

type DeleteRequest struct {
	Id        *int64  `protobuf:"varint,1,opt,name=id"`
	Version   *string `protobuf:"bytes,2,opt,name=version"`
	RequestId *string `protobuf:"bytes,3,opt,name=request_id"`
	DryRun    *bool   `protobuf:"varint,4,opt,name=dry_run"`
	Cascade   *bool   `protobuf:"varint,5,opt,name=cascade"`
}

type ListRequest struct {
	Page  *int32   `protobuf:"varint,1,opt,name=page"`
	Limit *int32   `protobuf:"varint,2,opt,name=limit"`
	Sort  []string `protobuf:"bytes,6,rep,name=sort"`
}

type Provinsi struct {
	Id        *int32  `protobuf:"varint,1,opt,name=id"`
	Name      *string `protobuf:"bytes,2,opt,name=name"`
	AltName   *string `protobuf:"bytes,3,opt,name=alt_name"`
	Latitude  *string `protobuf:"bytes,4,opt,name=latitude"`
	Longitude *string `protobuf:"bytes,5,opt,name=longitude"`
	Version   *string `protobuf:"bytes,90,opt,name=version"`
}

type Desa struct {
	Id         *int64   `protobuf:"varint,1,opt,name=id"`
	DistrictId *int64   `protobuf:"varint,2,opt,name=district_id"`
	Name       *string  `protobuf:"bytes,3,opt,name=name"`
	AltName    *string  `protobuf:"bytes,4,opt,name=alt_name"`
	Latitude   *float64 `protobuf:"fixed64,5,opt,name=latitude"`
	Longitude  *float64 `protobuf:"fixed64,6,opt,name=longitude"`
	Version    *string  `protobuf:"bytes,90,opt,name=version"`
}

type CreateProvinsiRequest struct {
	Data      *Provinsi `protobuf:"bytes,1,opt,name=data"`
	RequestId *string   `protobuf:"bytes,2,opt,name=request_id"`
	DryRun    *bool     `protobuf:"varint,3,opt,name=dry_run"`
}

type ProvinsiReply struct {
	ResponseCode    *string   `protobuf:"bytes,1,opt,name=response_code"`
	ResponseMessage *string   `protobuf:"bytes,2,opt,name=response_message"`
	Message         *string   `protobuf:"bytes,3,opt,name=message"`
	Data            *Provinsi `protobuf:"bytes,4,opt,name=data"`
}

type Pagination struct {
	Total         *int64  `protobuf:"varint,1,opt,name=total"`
	TotalPages    *int64  `protobuf:"varint,2,opt,name=total_pages"`
	CurrentPage   *int32  `protobuf:"varint,3,opt,name=current_page"`
	Page          *int32  `protobuf:"varint,4,opt,name=page"`
	Limit         *int32  `protobuf:"varint,5,opt,name=limit"`
	NextPageToken *string `protobuf:"bytes,6,opt,name=next_page_token"`
}

type ListProvinsiReply struct {
	ResponseCode    *string     `protobuf:"bytes,1,opt,name=response_code"`
	ResponseMessage *string     `protobuf:"bytes,2,opt,name=response_message"`
	Message         *string     `protobuf:"bytes,3,opt,name=message"`
	Data            []*Provinsi `protobuf:"bytes,4,rep,name=data"`
	Pagination      *Pagination `protobuf:"bytes,5,opt,name=pagination"`
}

type ListDesaReply struct {
	ResponseCode    *string     `protobuf:"bytes,1,opt,name=response_code"`
	ResponseMessage *string     `protobuf:"bytes,2,opt,name=response_message"`
	Message         *string     `protobuf:"bytes,3,opt,name=message"`
	Data            []*Desa     `protobuf:"bytes,4,rep,name=data"`
	Pagination      *Pagination `protobuf:"bytes,5,opt,name=pagination"`
}

func (m *GetRequest) Reset()                    { *m = GetRequest{} }
func (m *GetRequest) String() string            { return fmt.Sprintf("%+v", *m) }
func (m *GetRequest) ProtoMessage()             {}
func (m *DeleteRequest) Reset()                 { *m = DeleteRequest{} }
func (m *DeleteRequest) String() string         { return fmt.Sprintf("%+v", *m) }
func (m *DeleteRequest) ProtoMessage()          {}
func (m *ListRequest) Reset()                   { *m = ListRequest{} }
func (m *ListRequest) String() string           { return fmt.Sprintf("%+v", *m) }
func (m *ListRequest) ProtoMessage()            {}
func (m *Provinsi) Reset()                      { *m = Provinsi{} }
func (m *Provinsi) String() string              { return fmt.Sprintf("%+v", *m) }
func (m *Provinsi) ProtoMessage()               {}
func (m *Desa) Reset()                          { *m = Desa{} }
func (m *Desa) String() string                  { return fmt.Sprintf("%+v", *m) }
func (m *Desa) ProtoMessage()                   {}
func (m *CreateProvinsiRequest) Reset()         { *m = CreateProvinsiRequest{} }
func (m *CreateProvinsiRequest) String() string { return fmt.Sprintf("%+v", *m) }
func (m *CreateProvinsiRequest) ProtoMessage()  {}
func (m *ProvinsiReply) Reset()                 { *m = ProvinsiReply{} }
func (m *ProvinsiReply) String() string         { return fmt.Sprintf("%+v", *m) }
func (m *ProvinsiReply) ProtoMessage()          {}
func (m *Pagination) Reset()                    { *m = Pagination{} }
func (m *Pagination) String() string            { return fmt.Sprintf("%+v", *m) }
func (m *Pagination) ProtoMessage()             {}
func (m *ListProvinsiReply) Reset()             { *m = ListProvinsiReply{} }
func (m *ListProvinsiReply) String() string     { return fmt.Sprintf("%+v", *m) }
func (m *ListProvinsiReply) ProtoMessage()      {}
func (m *ListDesaReply) Reset()                 { *m = ListDesaReply{} }
func (m *ListDesaReply) String() string         { return fmt.Sprintf("%+v", *m) }
func (m *ListDesaReply) ProtoMessage()          {}
