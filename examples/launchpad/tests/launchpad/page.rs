//! The page is the same on both stores, and costs the same for any number of bugs.

use launchpad::domain::{Bugs, DistributionCard, Distributions, HotBug, People, PersonCard, Pillar, Viewer};
use launchpad::generate::{Launchpad, TODAY, VIEWER};
use launchpad::{access, page, render, store};
use persist::{Context, Stats, View};

fn cost(context: &mut Context<'_>, load: impl FnOnce(&mut Context<'_>)) -> (u64, u64) {
    let before = context.stats();
    load(context);
    let Stats { statements, rounds, .. } = context.stats() - before;
    (statements, rounds)
}

#[test]
fn the_page_is_the_same_on_both_stores() {
    for (bugs, seed, show) in [(0, 1, None), (1, 2, None), (20, 3, Some(5)), (300, 4, None), (300, 5, Some(20))] {
        let data = Launchpad::generate(bugs, seed);
        let on = |mut context: Context<'_>, viewer| {
            access::see_as(&mut context, viewer);
            page::gather(&mut context, viewer, show).unwrap()
        };
        for viewer in [VIEWER, Viewer::Person(2), Viewer::Person(-1), Viewer::Anyone] {
            let memory = on(store::memory(&data).unwrap(), viewer);
            let sqlite = on(store::sqlite(&data).unwrap(), viewer);
            assert_eq!(memory, sqlite, "{bugs} bugs, seed {seed}, {viewer:?}");
            assert_eq!(render::page(&memory, TODAY), render::page(&sqlite, TODAY));
        }
    }
}

#[test]
fn the_page_costs_the_same_for_any_number_of_bugs() {
    let mut costs = Vec::new();
    for bugs in [20, 200, 2000] {
        let data = Launchpad::generate(bugs, 7);
        for mut context in [store::memory(&data).unwrap(), store::sqlite(&data).unwrap()] {
            // Whoever looks, and where everything is to be seen.
            for scoped in [false, true] {
                if scoped {
                    access::see_as(&mut context, VIEWER);
                }
                costs.push(cost(&mut context, |context| drop(page::gather(context, VIEWER, Some(20)).unwrap())));
            }
            for show in [Some(20), None] {
                costs.push(cost(&mut context, |context| drop(page::gather(context, VIEWER, show).unwrap())));
            }
        }
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    // Four groups and a count; what they have in common goes out once.
    let apart = HotBug::STATEMENTS + DistributionCard::STATEMENTS + 2 * PersonCard::STATEMENTS + 1;
    let (statements, rounds) = costs[0];
    assert!(statements < apart as u64, "{statements} of {apart}");
    assert_eq!(rounds, HotBug::ROUNDS as u64);
}

#[test]
fn a_search_is_the_same_on_both_stores_and_costs_the_same_for_any_number_of_people() {
    let mut costs = Vec::new();
    for bugs in [20, 200, 2000] {
        let data = Launchpad::generate(bugs, 7);
        let (mut memory, mut sqlite) = (store::memory(&data).unwrap(), store::sqlite(&data).unwrap());
        for (text, show) in [("a", Some(30)), ("a", None), ("", None), ("ubuntu", Some(5)), ("nobody at all", None)] {
            let found = page::search(&mut memory, text, show).unwrap();
            assert_eq!(found, page::search(&mut sqlite, text, show).unwrap(), "{text:?}");
            assert_eq!(found.total == 0, found.found.is_empty());
            assert!(render::search(&found).contains(&format!("Search for {text:?}")));
        }
        for context in [&mut memory, &mut sqlite] {
            for show in [Some(40), None] {
                costs.push(cost(context, |context| drop(page::search(context, "", show).unwrap())));
            }
        }
    }
    // And the two counts.
    let said = (Pillar::STATEMENTS as u64 + 2, Pillar::ROUNDS as u64);
    assert!(costs.iter().all(|cost| *cost == said), "{costs:?}, {said:?}");
}

#[test]
fn each_view_costs_what_it_says() {
    fn said<V: View>() -> (u64, u64) {
        (V::STATEMENTS as u64, V::ROUNDS as u64)
    }
    for bugs in [20, 200] {
        let data = Launchpad::generate(bugs, 9);
        for mut context in [store::memory(&data).unwrap(), store::sqlite(&data).unwrap()] {
            let hot = cost(&mut context, |context| drop(context.realise(Bugs::all().view::<HotBug>()).unwrap()));
            assert_eq!(hot, said::<HotBug>());
            let cards = Distributions::all().view::<DistributionCard>();
            assert_eq!(cost(&mut context, |context| drop(context.realise(cards).unwrap())), said::<DistributionCard>());
            let people = People::all().view::<PersonCard>();
            assert_eq!(cost(&mut context, |context| drop(context.realise(people).unwrap())), said::<PersonCard>());
        }
    }
}

#[test]
fn a_seed_means_the_same_data() {
    assert_eq!(Launchpad::generate(50, 1), Launchpad::generate(50, 1));
    assert_ne!(Launchpad::generate(50, 1), Launchpad::generate(50, 2));
}
