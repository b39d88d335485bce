//! A monorepo that is made up: as many files as one likes, with imports, components, and a wrapper around an SDK that
//! one file in thirty calls. The same size gives the same bytes.

use std::{fmt::Write as _, fs, io, path::Path};

/// Files of one package.
const PACKAGE: usize = 200;

/// One file in so many sends something through the wrapper.
const SENDING: usize = 30;

/// Functions of a file that has nothing to do with tracking.
const FUNCTIONS: usize = 12;

const WRAPPER: &str = r#"import mixpanel from "mixpanel-browser";

export interface User {
    id: string;
    email: string;
    plan: { name: string };
}

mixpanel.init("token", { ip: false });

export function track(event: string, properties: Record<string, unknown> = {}): void {
    mixpanel.track(event, { ...properties, at: Date.now() });
}

export function identify(user: User): void {
    mixpanel.identify(user.id);
    mixpanel.people.set({ $email: user.email, plan: user.plan.name });
}
"#;

/// Writes a monorepo of `size` files.
///
/// # Errors
/// When the disk refuses.
pub fn write(root: &Path, size: usize) -> io::Result<()> {
    let tsconfig = r#"{ "compilerOptions": { "baseUrl": ".", "paths": { "@app/*": ["packages/*/src"] } } }"#;
    fs::write(root.join("tsconfig.json"), tsconfig)?;
    fs::write(root.join("package.json"), r#"{ "name": "generated", "private": true, "workspaces": ["packages/*"] }"#)?;
    package(root, "analytics", &[("index.ts".to_owned(), WRAPPER.to_owned())])?;
    for first in (1..size).step_by(PACKAGE) {
        let files: Vec<(String, String)> = (first..size.min(first + PACKAGE)).map(file).collect();
        package(root, &format!("p{}", first / PACKAGE), &files)?;
    }
    Ok(())
}

fn package(root: &Path, name: &str, files: &[(String, String)]) -> io::Result<()> {
    let folder = root.join("packages").join(name);
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("package.json"), format!(r#"{{ "name": "@app/{name}", "main": "src/index.ts" }}"#))?;
    files.iter().try_for_each(|(file, text)| fs::write(folder.join("src").join(file), text))
}

fn file(index: usize) -> (String, String) {
    let mut text = String::new();
    // A neighbour of the same package, so that there are chains of imports as deep as a package.
    if !index.is_multiple_of(PACKAGE) && index > 1 {
        let _ = writeln!(text, "import {{ compute{0}x0 }} from \"./file{0}\";", index - 1);
        let _ = writeln!(text, "export const seed{index} = compute{0}x0([1, 2, 3], \"seed\");", index - 1);
    }
    for function in 0..FUNCTIONS {
        let _ = write!(
            text,
            "
export interface Row{index}x{function} {{ key: string; value: number; label?: string }}

export function compute{index}x{function}(values: number[], name: string): Row{index}x{function}[] {{
    const rows: Row{index}x{function}[] = [];
    for (const [position, value] of values.entries()) {{
        const key = `${{name}}-${{position}}`;
        if (value > {function}) {{
            rows.push({{ key, value: value * {index}, label: name.toUpperCase() }});
        }} else {{
            rows.push({{ key, value }});
        }}
    }}
    return rows.filter((row) => row.value !== 0).map((row) => ({{ ...row, key: row.key.trim() }}));
}}
"
        );
    }
    if index.is_multiple_of(SENDING) {
        let _ = write!(
            text,
            "
import {{ identify, track, type User }} from \"@app/analytics\";

export async function signedIn{index}(load: () => Promise<User>): Promise<void> {{
    const user = await load();
    identify(user);
    track(\"Signed in\", {{ email: user.email, plan: user.plan.name, source: \"page {index}\" }});
}}
"
        );
    }
    (format!("file{index}.ts"), text)
}
