//! Flows for the page's script: short, each string once.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{base::Severity, report::model::Confidence, review::model::Flow};

/// The data of the page.
#[derive(Serialize, Default)]
pub struct Pack {
    /// Every string, once.
    s: Vec<String>,
    /// Flows: vendor, category, severity, confidence, app, person, expression, call, argument, file, line, count, and
    /// for each stop file, line, label and code; strings by their index.
    f: Vec<Vec<usize>>,
    #[serde(skip)]
    known: BTreeMap<String, usize>,
}

impl Pack {
    /// Packs flows.
    pub fn of(flows: &[Flow]) -> Self {
        let mut pack = Self::default();
        for flow in flows {
            let row = pack.row(flow);
            pack.f.push(row);
        }
        pack
    }

    /// As text that may stand in a `script` element: no `<` ends it and no line separator breaks it.
    pub fn json(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
    }

    fn string(&mut self, text: &str) -> usize {
        if let Some(&at) = self.known.get(text) {
            return at;
        }
        self.s.push(text.to_owned());
        self.known.insert(text.to_owned(), self.s.len() - 1);
        self.s.len() - 1
    }

    fn row(&mut self, flow: &Flow) -> Vec<usize> {
        let severity = match flow.severity {
            Severity::Note => 0,
            Severity::Warning => 1,
            Severity::Error => 2,
        };
        let confidence = match flow.confidence {
            Confidence::Low => 0,
            Confidence::Medium => 1,
            Confidence::High => 2,
        };
        let mut row = vec![self.string(&flow.vendor), self.string(flow.category.id()), severity, confidence];
        for text in [&flow.app, &flow.person, flow.expression.as_str(), &flow.call, &flow.argument, &flow.apex.file] {
            row.push(self.string(text));
        }
        row.extend([flow.apex.line as usize, flow.count]);
        for stop in &flow.path {
            let file = self.string(&stop.place.file);
            let (label, code) = (self.string(&stop.label), self.string(stop.code.as_deref().unwrap_or_default()));
            row.extend([file, stop.place.line as usize, label, code]);
        }
        row
    }
}
