# The developer's menu: `just` lists it.

default:
    @just --list

# Everything that CI does.
ready:
    bash .ci/run

# The tests, quickly.
test:
    cargo nextest run

# Writes golden reports and inline snapshots anew; read the diff afterwards.
bless:
    UPDATE_GOLDEN=1 UPDATE_EXPECT=1 UPDATE_DOCS=1 cargo test

# Speed of the stages.
bench:
    cargo bench

# Whole programs on the same logs; writes docs/performance.md.
peers:
    benches/peers.sh

# One fuzz target for a minute; needs cargo-fuzz and a nightly toolchain.
fuzz target:
    cargo +nightly fuzz run {{target}} -- -max_total_time=60
