//! Every bound of the engine: its name, its value and its reason.
//!
//! A bound that is hit makes the answer coarser, never silently smaller: what is cut off is reported as not followed.

/// Keys kept of an access path. Real payloads nest three deep (`{ user: { traits: { email } } }`); deeper keys are
/// forgotten, which means more of the value.
pub const PATH: usize = 6;

/// Calls remembered on the way into callees. Below it a result is matched with the arguments of its own call; beyond
/// it the oldest call is forgotten and all callers are considered.
pub const CALL_STRING: usize = 8;

/// Values visited for one sink argument or one wrapper call. Nearly all need under 200.
pub const STATES: usize = 1_500;

/// Wrapper layers between a value's owner and the SDK call.
pub const LAYERS: usize = 10;

/// Calls of wrappers considered for one sink argument.
pub const ACTIVATIONS: usize = 20_000;

/// Calls remembered on the way from a helper that writes into what it is given to where the object stands: a helper
/// that calls another one.
pub const ENTERED: usize = 2;

/// Values visited to find what one expression calls.
pub const CALLEE: usize = 100;

/// Functions that one call may enter; beyond it the call is dispatched by a name that is too common to mean anything.
pub const CALLEES: usize = 24;

/// Rounds in which the call graph grows by functions passed as values.
pub const ROUNDS: usize = 20;

/// Values between a call and the parameter that what it calls is taken from.
pub const CALLEE_REACH: usize = 16;

/// Steps to tell which of the functions that a call may enter it enters in the context at hand. What it is given stands
/// a few values away; beyond, all of them are considered.
pub const CONTEXT_FUEL: usize = 80;

/// Strings that one expression may be.
pub const STRINGS: usize = 12;

/// Questions within questions, such as what a callback returns while asking what a call returns.
pub const NESTING: usize = 4;

/// Steps for one question about a call, with all questions within it. A question that needs more goes through a hub
/// that half the project meets in, and its answer would mean nothing.
pub const FUEL: usize = 2_500;

/// Steps to find what one call may enter, for the call graph. It has a question for each call of the files that were
/// read, and few of them concern a vendor: nearly all need under 50, and those that need more are calls of methods
/// of lists that half the program goes through, with nothing to enter at the end.
pub const GRAPH_FUEL: usize = 200;

/// Steps to tell whether a value is a vendor's object, which is made near to where it is handed on.
pub const SDK_FUEL: usize = 250;

/// Times that a question about a call may hit a bound before it is asked again only for files that it waited for. Its
/// trails meet so much of the program that every change would have it asked again, to be cut off once more.
pub const CUTS: usize = 1;

/// Ways that one step may lead on before it counts as more than one. Nearly all have fewer than four.
pub const MOVES: usize = 16;

/// Values between a sink and a name or key that is believed although a bound hides what is behind it. Farther away the
/// trail goes through objects that everything is kept in, and its names are those of other things.
pub const BELIEVED: u32 = 24;

/// Steps for one payload of a sink.
pub const SINK_FUEL: usize = 40_000;

/// Steps for one text or single value of a sink, which rarely holds more than it shows.
pub const TEXT_FUEL: usize = 6_000;

/// Values between a sink and a file that is parsed only for its sake. Farther away, evidence is thin and files many.
pub const DEMAND: u32 = 30;

/// Calls between a `catch` and what was thrown: handler, service, repository, and what that calls.
pub const THROW: u32 = 4;

/// Functions looked into for what a `catch` may be given.
pub const THROWERS: usize = 100;

/// Steps to a constant that decides a test, through names, imports and arguments. Beyond, the test may succeed.
pub const CONSTANT_REACH: usize = 24;

/// Tests around a value that are asked, from the inside. Code that nests deeper is rare.
pub const GUARDS: usize = 8;

/// Calls by which the name of a computed key is handed on. Beyond, any caller's name may be meant.
pub const NAMED_BY: usize = 4;

/// Constants that a tested value may be; one that may be more is no constant.
pub const CONSTANTS: usize = 8;

/// Callers asked for what a field's record really is, where the field's name told its category already. Of more, only
/// those are asked that write the record down in the call.
pub const CALLERS_OF_READ: usize = 12;

/// Calls of a helper whose URL is looked at by itself, to tell which of them reach a vendor.
pub const URL_CALLERS: usize = 200;

/// Steps for all payloads of one file. Real files need a part of it; a generated one must not take minutes.
pub const FILE_FUEL: usize = 500_000;

/// Steps that every payload gets, even in a file that has used up its share.
pub const LEAST_FUEL: usize = 60;
