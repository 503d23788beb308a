//! Positions on the earth.

/// A position in degrees (WGS 84) where somebody can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    latitude: f64,
    longitude: f64,
}

/// Mean radius of the earth in metres (IUGG).
const RADIUS_M: f64 = 6_371_008.8;

impl Position {
    /// None outside of the globe, and at 0,0: nobody has a customer in the Gulf of Guinea, but devices without a fix say so.
    pub fn new(latitude: f64, longitude: f64) -> Option<Position> {
        let on_globe = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        let no_fix = latitude == 0.0 && longitude == 0.0;
        (on_globe && !no_fix).then_some(Position {
            latitude,
            longitude,
        })
    }

    pub fn latitude(self) -> f64 {
        self.latitude
    }
    pub fn longitude(self) -> f64 {
        self.longitude
    }

    /// Metres along the surface, by the haversine formula; at most 0.5 % off, as the earth is no sphere.
    pub fn distance_m(self, other: Position) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let h = half(other.latitude - self.latitude)
            + a.cos() * b.cos() * half(other.longitude - self.longitude);
        2.0 * RADIUS_M * h.clamp(0.0, 1.0).sqrt().asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position() -> impl Strategy<Value = Position> {
        (-90.0..=90.0f64, -180.0..=180.0f64)
            .prop_filter_map("a position", |(lat, lon)| Position::new(lat, lon))
    }

    #[test]
    fn impossible_positions_are_none() {
        for (latitude, longitude) in [
            (0.0, 0.0),
            (91.0, 0.0),
            (0.0, -180.5),
            (f64::NAN, 10.0),
            (31.2, f64::INFINITY),
        ] {
            assert_eq!(Position::new(latitude, longitude), None);
        }
    }

    #[test]
    fn shanghai_is_about_1067_km_from_beijing() {
        let shanghai = Position::new(31.2304, 121.4737);
        let beijing = Position::new(39.9042, 116.4074);
        let distance = shanghai.zip(beijing).map(|(a, b)| a.distance_m(b));
        assert!(distance.is_some_and(|m| (1_060_000.0..1_075_000.0).contains(&m)));
    }

    proptest! {
        #[test]
        fn the_way_back_is_as_long(a in position(), b in position()) {
            prop_assert!((a.distance_m(b) - b.distance_m(a)).abs() < 0.01);
            prop_assert!(a.distance_m(a) < 0.01);
        }
    }
}
