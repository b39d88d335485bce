fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let language = if path.ends_with("tsx") { overshare::source::Language::Tsx } else if path.ends_with("ts") { overshare::source::Language::TypeScript } else { overshare::source::Language::JavaScript };
    let facts = overshare::syntax::Syntax::new().facts(&text, language).unwrap();
    print!("{}", overshare::facts::dump(&facts, &text));
}
