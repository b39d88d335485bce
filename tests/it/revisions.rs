//! A revision is scanned from git's objects: as it stood, without touching the work tree.

use std::{fs, path::Path, process::Command};

use overshare::{
    scan::{Past, Request, ScanError, scan_revision},
    source::revision::Repository,
};
use tempfile::TempDir;

use crate::fixtures::data;

/// A git repository in a folder of its own.
pub struct Git(pub TempDir);

impl Git {
    /// An empty one.
    pub fn new() -> Self {
        let git = Self(tempfile::tempdir().unwrap());
        git.run(&["init", "--quiet", "--initial-branch=main"]);
        git
    }

    /// Its top folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Commits everything.
    pub fn commit(&self, message: &str) {
        self.run(&["add", "--all"]);
        self.run(&["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    /// Runs git, with a name for the commits and without the settings of the machine.
    pub fn run(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(self.path()).args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(arguments);
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            git.env_remove(name);
        }
        assert!(git.status().unwrap().success(), "git {arguments:?}");
    }
}

const TRACKER: &str = "import mixpanel from 'mixpanel-browser';\nexport const track = (p) => mixpanel.track('x', p);\n";

fn repository() -> Git {
    let git = Git::new();
    git.write("src/track.js", TRACKER);
    git.write(
        "src/a.js",
        "import { track } from './track';\nexport const a = (user) => track({ email: user.email });\n",
    );
    git.commit("one");
    git.write(
        "src/a.js",
        "import { track } from './track';\nexport const a = (user) => track({ phone: user.phone });\n",
    );
    git.write(
        "lib/b.js",
        "import { track } from '../src/track';\nexport const b = (user) => track({ id: user.id });\n",
    );
    git
}

fn past(git: &Git, paths: &[&str], name: &str) -> Result<Past, ScanError> {
    let paths = paths.iter().map(|path| git.path().join(path)).collect();
    let request = Request { paths, ..Request::default() };
    let repository = Repository::around(git.path()).unwrap();
    scan_revision(&request, &repository, name, &data().catalog, &data().words)
}

fn found(past: &Past) -> Vec<String> {
    let findings = past.report().findings.iter();
    findings.map(|it| format!("{} {}", it.location.file, it.category.unwrap())).collect()
}

#[test]
fn a_revision_is_scanned_as_it_stood() {
    let git = repository();
    let check = |paths: &[&str], expect: &[&str]| assert_eq!(found(&past(&git, paths, "HEAD").unwrap()), expect);
    check(&["."], &["src/a.js email"]);
    check(&["src"], &["a.js email"]);
    check(&["lib"], &[]);
    check(&["src", "lib"], &["src/a.js email"]);
    check(&["lib/b.js"], &[]);
    git.commit("two");
    check(&["."], &["lib/b.js user-id", "src/a.js phone"]);
    assert_eq!(found(&past(&git, &["."], "HEAD~1").unwrap()), ["src/a.js email"]);
}

#[test]
fn its_text_is_there_as_long_as_it_is_asked_for() {
    let git = repository();
    let past = past(&git, &["."], "main").unwrap();
    let root = past.scanned.root.clone();
    assert_eq!(fs::read_to_string(root.join("src/track.js")).unwrap(), TRACKER);
    assert!(!root.starts_with(git.path()) && git.path().join("lib/b.js").exists());
    drop(past);
    assert!(!root.exists());
}

#[test]
fn what_cannot_be_read_is_said() {
    let git = repository();
    let error = |name: &str| past(&git, &["."], name).map(|_| ()).unwrap_err().to_string();
    assert_eq!(error("nowhere"), "there is no revision `nowhere` in this repository");
    assert_eq!(error("HEAD~7"), "there is no revision `HEAD~7` in this repository");
    let outside = tempfile::tempdir().unwrap();
    let message = Repository::around(outside.path()).map(|_| ()).unwrap_err().to_string();
    assert!(message.ends_with("is in no git repository"), "{message}");
}
