//! Identifiers in the form of UUID version 7, made from the seed instead of a clock and chance.

use uuid::Uuid;

use crate::random::key;

/// What an identifier stands for; keeps equal numbers of different kinds apart.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Team = 1,
    Person = 2,
    ProductLine = 3,
    Product = 4,
    Customer = 5,
    Contact = 6,
    Opportunity = 7,
    Activity = 8,
    GroupActivity = 9,
}

/// An identifier that sorts by the instant of creation (milliseconds UTC) and is the same for the same seed, kind and number.
pub(crate) fn id(seed: u64, kind: Kind, number: u64, created_at: i64) -> Uuid {
    let instant = u128::from(created_at.max(0).unsigned_abs()) & 0xFFFF_FFFF_FFFF;
    let scrambled = key(seed, 0x1D00 + kind as u64, number);
    let high = u128::from(key(scrambled, 0x1D, number)) & 0xFFF;
    let low = u128::from(scrambled) & 0x3FFF_FFFF_FFFF_FFFF;
    Uuid::from_u128((instant << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
}

/// The same identifier among those of one instant in the order of their numbers (below 4,096).
pub(crate) fn in_order(id: Uuid, number: u64) -> Uuid {
    const PLACE: u128 = 0xFFF << 64;
    Uuid::from_u128((id.as_u128() & !PLACE) | (u128::from(number & 0xFFF) << 64))
}
