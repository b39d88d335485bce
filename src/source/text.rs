//! Bytes to text: every later floor works on UTF-8, whatever the file was saved as.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The byte order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Bytes that are asked for at once; what claims to be larger is read in several steps.
const MOST_AT_ONCE: usize = 16 << 20;

/// The text of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text without a byte order mark. Spans are offsets into it.
    pub text: String,
    /// Whether some of it is a guess: bytes that are not valid in the encoding, or an encoding that nothing declares.
    pub lossy: bool,
    /// Name of the encoding: `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`.
    pub encoding: &'static str,
}

/// Reads a file.
///
/// # Errors
/// Whatever the operating system says.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// Reads a file into a buffer that is used again, and tells how many bytes it holds. One call of the system is enough
/// for a file that is not larger than `bytes` says.
///
/// # Errors
/// Whatever the operating system says.
pub fn read_into(path: &Path, bytes: u64, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let mut file = File::open(path)?;
    let expected = usize::try_from(bytes).unwrap_or(usize::MAX).saturating_add(1).min(MOST_AT_ONCE);
    if buffer.len() < expected {
        buffer.resize(expected, 0);
    }
    let mut read = 0;
    loop {
        match file.read(&mut buffer[read..]) {
            // A file fills the buffer, or it ends.
            Ok(count) if read + count < buffer.len() => return Ok(read + count),
            Ok(count) => {
                read += count;
                buffer.resize(buffer.len() * 2, 0);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The text of bytes, decoded as [`decode`] does, without a copy where they are UTF-8.
#[must_use]
pub fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)) {
        Ok(text) if utf16(bytes).is_none() => Cow::Borrowed(text),
        _ => Cow::Owned(decode(bytes.to_vec()).text),
    }
}

/// A hash of a file's bytes, to tell whether it changed.
#[must_use]
pub fn digest(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes)
}

/// Decodes the bytes of a file. UTF-8 is taken over without a copy. A byte order mark decides for UTF-16; bytes that
/// are not UTF-8 otherwise are read as windows-1252, in which nearly every old source file is written and which keeps
/// one character per byte.
#[must_use]
pub fn decode(mut bytes: Vec<u8>) -> Text {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..3);
    } else if let Some(encoding) = utf16(&bytes) {
        return transcode(encoding, &bytes[2..]);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Text { text, lossy: false, encoding: "utf-8" },
        Err(error) => Text { lossy: true, ..transcode(WINDOWS_1252, error.as_bytes()) },
    }
}

/// The UTF-16 encoding that a byte order mark declares.
pub(super) fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    }
}

fn transcode(encoding: &'static Encoding, bytes: &[u8]) -> Text {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    let name = match encoding {
        e if e == UTF_16LE => "utf-16le",
        e if e == UTF_16BE => "utf-16be",
        _ => "windows-1252",
    };
    Text { text: text.into_owned(), lossy, encoding: name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bytes: &[u8], text: &str, encoding: &str, lossy: bool) {
        let decoded = decode(bytes.to_vec());
        assert_eq!((decoded.text.as_str(), decoded.encoding, decoded.lossy), (text, encoding, lossy), "{bytes:?}");
        assert_eq!(text_of(bytes), text, "{bytes:?}");
    }

    #[test]
    fn a_buffer_holds_one_file_after_the_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let mut buffer = Vec::new();
        for (text, told) in [("", 0), ("long text", 9), ("short", 5), ("grew since it was listed", 3), ("shrank", 99)] {
            std::fs::write(&path, text).unwrap();
            let count = read_into(&path, told, &mut buffer).unwrap();
            assert_eq!(&buffer[..count], text.as_bytes());
        }
        assert!(read_into(&dir.path().join("none"), 1, &mut buffer).is_err());
        assert!(read_into(dir.path(), 1, &mut buffer).is_err());
    }

    #[test]
    fn encodings() {
        check(b"", "", "utf-8", false);
        check("é😀".as_bytes(), "é😀", "utf-8", false);
        check(b"\xEF\xBB\xBFab", "ab", "utf-8", false);
        check(b"\xEF\xBB\xBF", "", "utf-8", false);
        check(b"\xFF\xFEa\0\xE9\0", "aé", "utf-16le", false);
        check(b"\xFE\xFF\0a\0\xE9", "aé", "utf-16be", false);
        check(b"\xFF\xFE", "", "utf-16le", false);
        check(b"caf\xE9", "café", "windows-1252", true);
        check(b"\x80", "€", "windows-1252", true);
    }

    #[test]
    fn truncated_or_broken_utf16_is_lossy() {
        check(b"\xFF\xFEa\0b", "a\u{FFFD}", "utf-16le", true);
        check(b"\xFE\xFF\xD8\x3D", "\u{FFFD}", "utf-16be", true);
    }

    #[test]
    fn utf8_is_not_copied() {
        let bytes = b"const a = 1".to_vec();
        let at = bytes.as_ptr();
        assert_eq!(decode(bytes).text.as_ptr(), at);
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let text = decode(bytes);
            prop_assert!(text.lossy || text.encoding != "windows-1252");
        }
    }
}
