//! The quick start of Clients/README.md for callers in Rust: `quickstart SOCKET`.

use bahari::{common::GetRequest, wilayah::ProvinsiReply};
use protobuf::Message;
use std::os::unix::{io::IntoRawFd, net::UnixStream};

#[allow(warnings)]
mod bahari {
    include!(concat!(env!("OUT_DIR"), "/mod.rs"));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let socket = std::env::args().nth(1).ok_or("usage: quickstart SOCKET")?;
    let client = ttrpc::Client::new(UnixStream::connect(socket)?.into_raw_fd());
    let mut get = GetRequest::new();
    get.set_id(11);
    let mut request = ttrpc::Request::new();
    request.set_service("bahari.v1.ProvinsiService".into());
    request.set_method("Get".into());
    request.set_payload(get.write_to_bytes()?);
    request.set_timeout_nano(5_000_000_000);
    match client.request(request) {
        Ok(response) => {
            let reply = ProvinsiReply::parse_from_bytes(&response.payload)?;
            let row = reply.get_data();
            println!("{} {}", row.get_id(), row.get_name());
        }
        Err(ttrpc::Error::RpcStatus(status)) if status.get_code() == ttrpc::Code::NOT_FOUND => {
            println!("there is no province 11");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
