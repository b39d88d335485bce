use super::*;
use proptest::prelude::*;

fn markers() -> Markers {
    let own = |pairs: &[(&str, u32)]| pairs.iter().map(|(text, id)| ((*text).to_owned(), *id)).collect::<Vec<_>>();
    Markers::new(
        own(&[("acme-js", 1), ("\"@acme/node\"", 2), ("cdn.acme.example/a.js", 3), ("acme", 4), ("://", 5), ("", 9)]),
        own(&[("acmeq", 6), ("_paq", 7), ("acmeq", 8), ("größe", 10)]),
    )
}

fn check_markers(text: &str, expect: &[u32]) {
    assert_eq!(Sketch::of(text.as_bytes(), &markers()).markers, expect, "{text}");
}

#[test]
fn markers_are_found_as_literals_and_as_identifiers() {
    check_markers("", &[]);
    check_markers("const x = 1", &[]);
    check_markers("import a from 'acme-js/react'", &[1, 4]);
    check_markers("require(\"@acme/node\")", &[2, 4]);
    check_markers("load('https://cdn.acme.example/a.js?x')", &[3, 4, 5]);
    check_markers("http://localhost", &[5]);
    check_markers("acmeq('init')", &[6, 8]);
    check_markers("window._paq.push", &[7]);
    check_markers("\"\\nacmeq()\"", &[6, 8]);
    check_markers("my_paq", &[]);
    check_markers("const größe = 1", &[10]);
    check_markers("“größe”", &[10]);
    check_markers("x =\u{A0}_paq", &[7]);
}

#[test]
fn identifiers_are_known_wherever_they_stand() {
    let text = "class A { #client = `${make(\"queued\")}` } // noted, größe, a_very_long_identifier_of_many_bytes";
    let sketch = Sketch::of(text.as_bytes(), &markers());
    for word in ["A", "#client", "client", "make", "queued", "noted", "größe", "a_very_long_identifier_of_many_bytes"]
    {
        assert!(sketch.mentions(word), "{word}");
    }
    for word in ["B", "lient", "mak", "makee", "a_very_long_identifier_of_many_byte"] {
        assert!(!sketch.mentions(word), "{word}");
    }
}

fn check_specifiers(text: &str, expect: &[&str]) {
    let sketch = Sketch::of(text.as_bytes(), &markers());
    assert_eq!(sketch.specifiers, expect, "{text}");
}

#[test]
fn specifiers_follow_the_words_that_import() {
    check_specifiers("import a, { b } from './x'; import \"y\"", &["./x", "y"]);
    check_specifiers("export * from 'x'; export { a as default } from 'y'", &["x", "y"]);
    check_specifiers("require('a'); require ( \"b\" ); const c = await import(`c`)", &["a", "b", "c"]);
    check_specifiers("import(/* webpackChunkName: \"n\" */\n // why\n './lazy')", &["./lazy"]);
    check_specifiers("import x = require('x')", &["x"]);
    check_specifiers("import{a}from'a';import{b}from'a'", &["a"]);
    check_specifiers("import type { T } from '@/types/é'", &["@/types/é"]);
    check_specifiers("Array.from('x'); require.resolve('x'); import.meta; import(`./${x}`)", &[]);
    check_specifiers("import 'unclosed\nimport \"\" ; from", &[]);
    check_specifiers("import(/* unclosed", &[]);
    check_specifiers("from '", &[]);
}

proptest! {
    #[test]
    fn any_bytes_make_a_sketch(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
        let sketch = Sketch::of(&bytes, &markers());
        prop_assert!(sketch.markers.is_sorted());
    }

    #[test]
    fn no_identifier_is_missed(words in proptest::collection::vec("[a-zA-Z_$][a-zA-Z0-9_$]{0,12}", 1..400)) {
        let sketch = Sketch::of(words.join(" ").as_bytes(), &markers());
        for word in &words {
            prop_assert!(sketch.mentions(word), "{}", word);
        }
    }
}
