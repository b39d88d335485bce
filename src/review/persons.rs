//! Whose data: the record that an expression reads of, and the package that a file belongs to.

use smol_str::SmolStr;

use crate::{
    catalog::words::{Subject, Words},
    report::{model::Package, phrase},
};

/// The kind of record that `expression` reads of: `session.currentUser.email` reads of a `User`.
pub fn record(words: &Words, expression: &str) -> SmolStr {
    let parts = chain(expression);
    let owner = parts.iter().rev().skip(1).find(|part| words.subject(part) == Subject::Person);
    let whole = || parts.last().filter(|part| words.names_person(part));
    owner.or_else(whole).map_or_else(SmolStr::default, |part| noun(words, part))
}

/// The member names of the first chain in an expression, outermost first.
fn chain(expression: &str) -> Vec<&str> {
    let part = |letter: char| letter.is_alphanumeric() || "_$.?!#".contains(letter);
    let start = expression.find(|letter: char| letter.is_alphabetic() || letter == '_').unwrap_or(expression.len());
    let text = &expression[start..];
    let text = &text[..text.find(|letter| !part(letter)).unwrap_or(text.len())];
    let names = text.split('.').map(|name| name.trim_matches(|letter| "?!#".contains(letter)));
    names.filter(|name| !name.is_empty() && *name != "this").collect()
}

/// The last word that says who it is: `currentUserRecord` is a `User`.
fn noun(words: &Words, name: &str) -> SmolStr {
    let parts = Words::segment(name);
    let telling = parts.iter().rev().find(|part| words.subject(part) == Subject::Person);
    phrase::sentence(telling.or(parts.last()).map_or(name, SmolStr::as_str)).into()
}

/// The package that a file belongs to: that of the nearest `package.json` above it.
pub fn app(packages: &[Package], file: &str) -> SmolStr {
    let holds = |package: &&Package| {
        package.folder.is_empty()
            || file.strip_prefix(package.folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    let nearest = packages.iter().filter(holds).max_by_key(|package| package.folder.len());
    nearest.map(|package| package.name.clone()).filter(|name| !name.is_empty()).unwrap_or_else(|| ".".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_named_by_their_nouns() {
        let check = |expression: &str, expect: &str| assert_eq!(record(Words::embedded(), expression), expect);
        check("member.user.email", "User");
        check("session?.currentUser!.email ?? ''", "User");
        check("this.patient.phone", "Patient");
        check("customer.address.city", "Customer");
        check("currentUser", "User");
        check("email", "");
        check("document.referrer", "");
        check("`${user.firstName} ${user.lastName}`", "User");
    }

    #[test]
    fn the_nearest_package_holds_a_file() {
        let package = |folder: &str, name: &str| Package { folder: folder.into(), name: name.into() };
        let packages = [package("", "root"), package("apps/web", "@acme/web"), package("apps/web/e2e", "e2e")];
        let check = |file: &str, expect: &str| assert_eq!(app(&packages, file), expect);
        check("apps/web/src/a.ts", "@acme/web");
        check("apps/web/e2e/a.ts", "e2e");
        check("apps/website/a.ts", "root");
        assert_eq!(app(&[], "a.ts"), ".");
    }
}
