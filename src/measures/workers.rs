//! Measures worked out side by side, each on a thread of its own pool.
//!
//! Not by rayon: a worker that waits for polars would take up another measure on top of the one it has, and with two dozen
//! measures one stack does not hold them all.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a plan of polars needs, unoptimised builds included.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// `work` done on every item by as many threads as there are cores; results in the order of the items.
pub(crate) fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    let take_up = || {
        while let Some((at, item)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, items.get(at)?)))
        {
            let result = work(item);
            done.lock().expect("no worker panics with the lock held").push((at, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..rayon::current_num_threads().min(items.len()) {
            let worker = std::thread::Builder::new().name("measure".into()).stack_size(STACK_BYTES);
            worker.spawn_scoped(scope, take_up).expect("the system has a thread to give");
        }
    });
    let mut done = done.into_inner().expect("no worker panics with the lock held");
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<u32> = (0..100).collect();
        assert_eq!(side_by_side(&items, |item| item * 2), (0..100).map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(side_by_side(&[0_u32; 0], |item| *item), Vec::<u32>::new());
    }
}
