//! Speed of each stage and of a whole run, over text made in memory.

fn main() {
    divan::main();
}
