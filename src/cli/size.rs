//! Sizes of files, as people type them.

/// Bytes from `2M`, `500K`, `1G` or a plain number of bytes; the units are powers of 1024.
///
/// # Errors
/// When the text is no size, as a sentence.
pub fn parse(text: &str) -> Result<u64, String> {
    let lower = text.trim().to_ascii_lowercase();
    let number = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match &lower[number.len()..] {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        unit => return Err(format!("`{unit}` is no unit: use K, M or G")),
    };
    let count: u64 = number.trim_end().parse().map_err(|_| "use a number and a unit, for example 2M".to_owned())?;
    count.checked_mul(factor).ok_or_else(|| "that is more than any file has".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in [("0", 0), ("12", 12), ("500K", 500 << 10), ("2 MiB", 2 << 20), ("1g", 1 << 30)] {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
        for text in ["", "K", "2X", "-1", "1.5M", "99999999999999999999", "99999999999G", "é"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
