//! Progress on a terminal: a line on standard error that appears only when the work is long, and leaves no trace.

use std::{
    io::{self, IsTerminal},
    sync::{
        Arc,
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::scan::{Progress, Stage};

/// Work that is shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

const TICK: Duration = Duration::from_millis(100);

/// The line. Dropping the guard that [`Line::show`] returns removes it.
#[derive(Debug)]
pub struct Line {
    bar: ProgressBar,
}

/// Removes the line when dropped.
#[derive(Debug)]
pub struct Guard {
    bar: ProgressBar,
    done: Option<Sender<()>>,
    waiting: Option<thread::JoinHandle<()>>,
}

impl Line {
    /// A line, unless standard error is no terminal or the user wants quiet.
    #[must_use]
    pub fn show(quiet: bool) -> Option<(Arc<dyn Progress>, Guard)> {
        if quiet || !io::stderr().is_terminal() {
            return None;
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let (done, waits) = channel();
        let late = bar.clone();
        let waiting = thread::spawn(move || {
            if waits.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                late.set_draw_target(ProgressDrawTarget::stderr());
                late.enable_steady_tick(TICK);
            }
        });
        let guard = Guard { bar: bar.clone(), done: Some(done), waiting: Some(waiting) };
        Some((Arc::new(Self { bar }), guard))
    }

    fn style(&self, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
    }
}

impl Progress for Line {
    fn stage(&self, stage: Stage) {
        match stage {
            Stage::Walking => self.style("{spinner} looking for files"),
            Stage::Reading { files } => {
                self.bar.set_length(files as u64);
                self.style("{spinner} reading {pos} of {len} files");
            }
            Stage::Tracing => self.style("{spinner} following values, {elapsed}"),
        }
    }

    fn read(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(waiting) = self.waiting.take() {
            // The thread only waits and draws; were it dead, there would be no line to remove.
            let _ = waiting.join();
        }
        self.bar.finish_and_clear();
    }
}
