//! Trails that a bound ended: what the value was called on the way is believed, if it was said near the sink.

use super::{Evidence, Hint, Node, Search};
use crate::{
    base::Category,
    trace::{bounds, flow::Basis, step::Hop},
};

impl Search<'_, '_> {
    /// Notes that a bound ended a trail on which a name or a key had told a category.
    pub(super) fn cut_off(&mut self, index: u32, evidence: Evidence) {
        let named = |hint: &Hint| match hint.basis {
            Basis::Name => true,
            // Keys such as `message` and `input` are too common to be believed without a look.
            Basis::Key => hint.category != Category::Content,
            _ => false,
        };
        let Some(hint) = evidence.hint.filter(named) else { return };
        let Some(told) = self.told_at(index, hint) else { return };
        let node = &self.nodes[told as usize];
        if node.depth > bounds::BELIEVED {
            return;
        }
        let (at, apex) = (hint.at.unwrap_or(node.state.at), node.apex);
        self.cut.entry(at).or_insert((told, hint, apex));
    }

    /// Notes that a value is not visited any more: what it is stored as is told by its own hop.
    pub(super) fn beyond_budget(&mut self, node: Node) {
        let evidence = node.evidence;
        if !matches!(node.hop, Hop::Stored(_) | Hop::Computed(_)) {
            return node.from.into_iter().for_each(|from| self.cut_off(from, evidence));
        }
        if evidence.hint.is_some() && node.depth <= bounds::BELIEVED {
            let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
            self.nodes.push(node);
            self.cut_off(index, evidence);
        }
    }

    /// The node on the way to the sink at which a name or a key told what the value is.
    fn told_at(&self, index: u32, hint: Hint) -> Option<u32> {
        let mut node = Some(index);
        while let Some(at) = node {
            let told = &self.nodes[at as usize];
            let stored = matches!(told.hop, Hop::Stored(_) | Hop::Computed(_));
            if hint.at.map_or(stored, |named| told.state.at == named) {
                return node;
            }
            node = told.from.filter(|_| !stored);
        }
        None
    }

    /// What a value is called is believed where a bound hides what is behind it, as where the trail ends in code that
    /// nobody sees.
    pub(super) fn emit_cut(&mut self) {
        for (at, (index, hint, apex)) in std::mem::take(&mut self.cut) {
            if !self.supported.contains(&at) && !self.refuted.contains(&at) {
                self.emit(index, hint.category, hint.basis, at, apex);
            }
        }
    }
}
