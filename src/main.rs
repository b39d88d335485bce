//! The binary: arguments in, bytes out.
use overshare::{report, scan};
fn main() {
    rayon::ThreadPoolBuilder::new().stack_size(64 << 20).build_global().ok();
    let args: Vec<String> = std::env::args().collect();
    if args[1] == "facts" {
        let path = &args[2];
        let text = std::fs::read_to_string(path).unwrap();
        let language = if path.ends_with("tsx") { overshare::source::Language::Tsx } else if path.ends_with("ts") { overshare::source::Language::TypeScript } else { overshare::source::Language::JavaScript };
        let facts = overshare::syntax::Syntax::new().facts(&text, language).unwrap();
        print!("{}", overshare::facts::dump(&facts, &text));
        return;
    }
    let request = scan::Request { paths: vec![args[2].clone().into()], ..Default::default() };
    let scanned = scan::scan(&request).unwrap();
    let format = args.get(4).map_or(report::Format::Terminal, |f| f.parse().unwrap());
    let catalog = overshare::catalog::Catalog::embedded().unwrap();
    let names: report::Names = catalog.sources().iter().filter_map(|s| s.vendor.as_ref()).collect();
    let texts = scan::Texts::new(&scanned.root);
    let context = report::Context { sources: &texts, names: &names, colour: false, width: 100 };
    report::render(format, &scanned.report, &context, &mut std::io::stdout().lock()).unwrap();
    std::process::exit(i32::from(!scanned.report.findings.is_empty()));
}
