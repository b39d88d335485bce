//! Findings: where a trail ends well, and the steps that are shown.

use crate::base::Category;
use crate::base::Key;
use crate::facts::Value;
use crate::link::project::At;
use crate::trace::flow::Basis;
use crate::trace::flow::Flow;
use crate::trace::flow::Place;
use crate::trace::flow::SinkPlace;
use crate::trace::flow::Step;
use crate::trace::flow::place_of;
use crate::trace::follow::Node;
use crate::trace::follow::Search;
use crate::trace::step::Hop;

impl Search<'_, '_> {
    pub(super) fn emit(&mut self, index: u32, category: Category, basis: Basis, origin: At, apex: u32) {
        if category == Category::PersonObject
            && self.is.is_some_and(|is| !matches!(is, Category::UserId | Category::DeviceId))
        {
            return;
        }
        self.support(index, origin);
        // The vendor's own cookie tells which browser, whatever else it tells.
        let category = match (self.is, category) {
            (Some(Category::DeviceId), Category::Referrer | Category::SessionId) => Category::DeviceId,
            _ => category,
        };
        let apex = self.apexes[apex as usize];
        let project = self.world().project;
        let origin_place = place_of(project, origin);
        let steps = self.steps(index, origin);
        let flow = Flow {
            apex: apex.place,
            function: apex.function,
            vendor: self.sink.vendor,
            category,
            basis,
            origin: origin_place,
            sink: SinkPlace { argument: self.label.to_owned(), ..self.sink.place.clone() },
            steps,
        };
        let length = flow.steps.len();
        let key = (apex.place, origin_place, category);
        let better = self.flows.get(&key).is_none_or(|(known, known_length)| {
            (flow.basis, std::cmp::Reverse(length)) > (known.basis, std::cmp::Reverse(*known_length))
        });
        if better {
            self.flows.insert(key, (flow, length));
        }
    }

    /// What lies on a trail that ended well needs no other proof.
    fn support(&mut self, index: u32, origin: At) {
        self.supported.extend(self.nodes[index as usize].evidence.via);
        self.supported.insert(origin);
        let mut node = Some(index);
        while let Some(at) = node {
            let at = &self.nodes[at as usize];
            self.supported.extend(at.evidence.hint.and_then(|hint| hint.at));
            if matches!(at.hop, Hop::Stored(_) | Hop::Computed(_)) {
                self.supported.insert(at.state.at);
            }
            node = at.from;
        }
    }

    /// The steps from the origin to the sink, one for each place worth showing.
    pub(super) fn steps(&self, index: u32, origin: At) -> Vec<Step> {
        let project = self.world().project;
        let mut chain = vec![index];
        while let Some(from) = self.nodes[chain[chain.len() - 1] as usize].from {
            chain.push(from);
        }
        let start = chain.iter().position(|&node| self.nodes[node as usize].state.at == origin).unwrap_or(0);
        let mut steps: Vec<Step> = Vec::new();
        for (position, &node) in chain.iter().enumerate().skip(start) {
            let node = &self.nodes[node as usize];
            let place = place_of(project, node.state.at);
            let line = |place: Place| {
                let unit = project.unit(place.file);
                unit.map_or((place.file, 0), |unit| {
                    (place.file, unit.lines.position(&unit.text, place.span.start).line)
                })
            };
            let label = if position == start { String::new() } else { self.describe(chain[position - 1], node) };
            match steps.last_mut() {
                Some(last) if line(last.place) == line(place) => {
                    if last.label.is_empty() {
                        last.label = label;
                    }
                }
                _ => steps.push(Step { place, label }),
            }
        }
        steps
    }

    /// What happens between a node and the one nearer to the origin.
    pub(super) fn describe(&self, inner: u32, node: &Node) -> String {
        let project = self.world().project;
        let call_name = |call: At| match project.value(call) {
            Value::Call(made) => {
                let callee = project.text(At { file: call.file, value: made.callee });
                callee.split_whitespace().collect::<String>().chars().take(60).collect::<String>()
            }
            _ => String::new(),
        };
        match &self.nodes[inner as usize].hop {
            Hop::Argument(call) => match project.value(node.state.at) {
                Value::Parameter { .. } => {
                    let name = project.text(node.state.at);
                    format!("passed to {}() as `{}`", call_name(*call), name.chars().take(40).collect::<String>())
                }
                _ => format!("passed to {}()", call_name(*call)),
            },
            Hop::Returned(function) => {
                let name = project.function(*function).name.clone().unwrap_or_else(|| "a function".into());
                format!("returned by {name}()")
            }
            Hop::Thrown(function) => {
                let name = project.function(*function).name.clone().unwrap_or_else(|| "a function".into());
                format!("thrown by {name}()")
            }
            Hop::Field(name) => format!("kept in `{name}`"),
            Hop::Stored(Key::Name(key)) => format!("stored as `{key}`"),
            Hop::Stored(_) | Hop::Computed(_) | Hop::Guessed => "stored under a computed key".to_owned(),
            Hop::Copied => "copied by spread".to_owned(),
            Hop::Imported => "imported".to_owned(),
            Hop::Library(call) => format!("through {}()", call_name(*call)),
            Hop::Same => match project.value(node.state.at) {
                Value::Read { variable, .. } => {
                    let name = &project.facts(node.state.at.file).variable(*variable).name;
                    format!("used as `{name}`")
                }
                _ => String::new(),
            },
        }
    }
}
