//! What the README shows of the demo is what the program says. `UPDATE=1 cargo test --test it readme` writes it again.

use std::{env, fs, path::Path};

use assert_cmd::Command;

/// The README's first command, as people run it.
fn demo() -> String {
    let run = Command::cargo_bin("overshare")
        .unwrap()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", "fixtures/demo"])
        .env("NO_COLOR", "1")
        .assert()
        .code(1);
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

/// The diagnostic of the component that hands a member over, and the summary.
fn shown(output: &str) -> [(&'static str, &str); 2] {
    let finding = output.find("src/components/Identify.tsx: ").expect("the demo has that finding");
    let end = output[finding..].find("\nsrc/").map_or(output.len(), |end| finding + end);
    let summary = output.find("Findings by category and vendor").expect("the demo has findings");
    [("finding", output[finding..end].trim_end()), ("summary", output[summary..].trim_end())]
}

fn with_block(readme: &str, name: &str, text: &str) -> String {
    let (start, end) = (format!("<!-- demo: {name} -->\n"), "<!-- /demo -->");
    let (before, rest) = readme.split_once(&start).expect("the README has the block");
    let (_, after) = rest.split_once(end).expect("the block ends");
    format!("{before}{start}```text\n{text}\n```\n{end}{after}")
}

#[test]
fn the_demo_is_shown_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let output = demo();
    let wanted = shown(&output).iter().fold(readme.clone(), |readme, (name, text)| with_block(&readme, name, text));
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &wanted).unwrap();
    } else {
        assert_eq!(readme, wanted, "run `UPDATE=1 cargo test --test it readme`");
    }
}

#[test]
fn the_demo_tells_the_story() {
    let output = demo();
    for category in ["e-mail address", "name", "user id", "organization"] {
        assert!(output.contains(&format!("\n  {category} ")), "{category}");
    }
    for clean in ["src/pages/Product.tsx", "src/pages/Newsletter.tsx", "server/orders.ts"] {
        assert!(!output.contains(&format!("\n{clean}: ")), "{clean}");
    }
}
