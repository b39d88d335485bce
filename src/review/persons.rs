//! Whose data: the record that an expression reads of, and the package that a file belongs to.

use smol_str::SmolStr;

use crate::{
    catalog::words::{Subject, Words},
    report::{model::Package, phrase},
};

/// The kind of record that `expression` reads of: `session.currentUser.email` reads of a `User`. Where the expression
/// is a bare name, `code` may take it out of a record (`const { email } = customer`), or the name may say whose it is
/// (`customerEmail`).
pub fn record(words: &Words, expression: &str, code: Option<&str>) -> SmolStr {
    let parts = chain(expression);
    let owner = owner(words, &parts);
    let whole = || parts.last().copied().filter(|part| words.names_person(part));
    let taken = || {
        let source = chain(taken_out_of(parts.first()?, code?)?);
        let whole = source.last().copied().filter(|part| words.subject(part) == Subject::Person);
        whole.or_else(|| self::owner(words, &source))
    };
    let part = owner.or_else(whole).or_else(taken);
    part.map(|part| noun(words, part)).or_else(|| attribute(words, parts.last()?)).unwrap_or_default()
}

fn owner<'a>(words: &Words, chain: &[&'a str]) -> Option<&'a str> {
    chain.iter().rev().skip(1).copied().find(|part| words.subject(part) == Subject::Person)
}

/// What a pattern that binds `name` takes apart: `customer` of `const { name, email } = customer ?? {}`.
fn taken_out_of<'a>(name: &str, code: &'a str) -> Option<&'a str> {
    let (pattern, source) = code.split_once('{')?.1.split_once('}')?;
    let is_name =
        |part: &str| part.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|it| it == name);
    let source = source.trim_start().strip_prefix('=').filter(|rest| !rest.starts_with(['=', '>']))?.trim_start();
    let source = source.strip_prefix("await ").unwrap_or(source);
    pattern.split(',').any(is_name).then_some(source)
}

/// The person in a compound name: `customerEmail` is that of a `Customer`.
fn attribute(words: &Words, name: &str) -> Option<SmolStr> {
    let parts = Words::segment(name);
    let before = parts.get(..parts.len().saturating_sub(1))?;
    let person = before.iter().rev().find(|part| words.subject(part) == Subject::Person)?;
    Some(phrase::sentence(person).into())
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
        let words = Words::embedded();
        let check =
            |expression: &str, expect: &str| assert_eq!(record(words, expression, None), expect, "{expression}");
        check("member.user.email", "User");
        check("session?.currentUser!.email ?? ''", "User");
        check("this.patient.phone", "Patient");
        check("customer.address.city", "Customer");
        check("currentUser", "User");
        check("email", "");
        check("document.referrer", "");
        check("`${user.firstName} ${user.lastName}`", "User");
        check("customerEmail", "Customer");
        check("organizationName", "");
    }

    #[test]
    fn a_pattern_names_the_record_of_its_parts() {
        let words = Words::embedded();
        let check =
            |name: &str, code: &str, expect: &str| assert_eq!(record(words, name, Some(code)), expect, "{code}");
        check("email", "const { displayName, email, id } = user;", "User");
        check("email", "const { name: first, email } = session.patient ?? {};", "Patient");
        check("email", "const { email } = await currentCustomer();", "Customer");
        check("email", "const { subject, email } = input;", "");
        check("email", "const { mail } = user;", "");
        check("email", "if (x) { email } == user", "");
        check("email", "send({ email }) => user", "");
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
