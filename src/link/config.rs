//! Reads JSON as configuration files are really written: with comments and trailing commas.

use jsonc_parser::{ParseOptions, ast, parse_to_ast};

/// The syntax tree of a JSON text, with ranges, or what is wrong with it.
pub fn tree(text: &str) -> Result<Option<ast::Value<'_>>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &ParseOptions::default())
        .map(|result| result.value)
        .map_err(|error| error.to_string())
}

/// The value of a JSON text, or what is wrong with it. An empty text is `null`.
pub fn value(text: &str) -> Result<serde_json::Value, String> {
    Ok(tree(text)?.map_or(serde_json::Value::Null, serde_json::Value::from))
}
