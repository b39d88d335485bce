//! Measures the sketch over a directory of real sources; not a test of behaviour.
//! `SKETCH_CORPUS=<directory> cargo test --release --lib sketch_speed -- --ignored --nocapture`

use std::time::Instant;

use super::*;
use crate::source::{Options, decode, read, walk};

#[test]
#[ignore = "a measurement"]
fn sketch_speed() {
    let Ok(corpus) = std::env::var("SKETCH_CORPUS") else { return };
    let walk = walk(&[corpus.into()], &Options::default()).unwrap();
    let code = walk.files.iter().filter(|file| file.kind.is_code());
    let texts: Vec<String> = code.map(|file| decode(read(&file.path).unwrap()).text).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let vendors = ["acme", "bolt", "crane", "delta", "ember", "flux", "grove", "harbor", "iris"];
    let literals = (0..900).map(|id| (format!("{}{}-js", vendors[id as usize % 9], id / 9), id));
    let named = vendors.iter().map(|vendor| (format!("{vendor}.com"), 1000));
    let identifiers = (0..300).map(|id| (format!("{}_{id}", vendors[id as usize % 9]), id + 2000));
    let markers = Markers::new(literals.chain(named), identifiers);
    for _ in 0..3 {
        let start = Instant::now();
        let sketches: Vec<_> = texts.iter().map(|text| Sketch::of(text.as_bytes(), &markers)).collect();
        let seconds = start.elapsed().as_secs_f64();
        report(&sketches, bytes, seconds);
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn report(sketches: &[Sketch], bytes: usize, seconds: f64) {
    let files = sketches.len().max(1);
    let identifiers: usize = sketches.iter().map(Sketch::identifiers).sum();
    let specifiers: usize = sketches.iter().map(|sketch| sketch.specifiers.len()).sum();
    let marked = sketches.iter().filter(|sketch| !sketch.markers.is_empty()).count();
    println!(
        "{files} files, {bytes} bytes, {:.0} MB/s; per file: {} bytes, {} identifiers, {} specifiers; {marked} marked",
        bytes as f64 / seconds / 1e6,
        bytes / files,
        identifiers / files,
        specifiers / files,
    );
}
