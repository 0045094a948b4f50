//! Makes Rust of the messages in `Proto/bahari/v1`, when the program is built.

use protobuf_codegen_pure::{Codegen, Customize};

fn main() {
    let proto = "../../../Proto";
    let files = [
        "bahari/v1/common",
        "bahari/v1/wilayah",
        "google/rpc/error_details",
    ]
    .map(|name| format!("{proto}/{name}.proto"));
    for file in &files {
        println!("cargo:rerun-if-changed={file}");
    }
    Codegen::new()
        .out_dir(std::env::var("OUT_DIR").expect("cargo sets OUT_DIR"))
        .includes(&[proto])
        .inputs(&files)
        .customize(Customize {
            gen_mod_rs: Some(true),
            ..Default::default()
        })
        .run()
        .expect("messages of Proto");
}
