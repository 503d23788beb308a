//! Figures that fall into a choice's band: `2,822` people are `1000_4999`.

/// The code whose band holds the figure. Codes name their band: `1_19`, `5000_plus`, `under_5m`, `5m_20m`, `over_2b`.
pub fn band_of<'a>(codes: impl Iterator<Item = &'a str>, figure: f64) -> Option<&'a str> {
    if !figure.is_finite() || figure < 0.0 {
        return None;
    }
    for code in codes {
        let (low, high) = code.split_once('_')?;
        let holds = match (low, high) {
            ("under", high) => figure < bound(high)?,
            ("over", low) => figure >= bound(low)?,
            (low, "plus") => figure >= bound(low)?,
            (low, high) => {
                // `20_99` is followed by `100_499`: whole figures end before the next one, amounts at it.
                let end = if high.ends_with(['m', 'b']) {
                    bound(high)?
                } else {
                    bound(high)? + 1.0
                };
                figure >= bound(low)? && figure < end
            }
        };
        if holds {
            return Some(code);
        }
    }
    None
}

fn bound(text: &str) -> Option<f64> {
    let (digits, factor) = match text.strip_suffix('m') {
        Some(digits) => (digits, 1e6),
        None => match text.strip_suffix('b') {
            Some(digits) => (digits, 1e9),
            None => (text, 1.0),
        },
    };
    digits.parse::<f64>().ok().map(|number| number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: [&str; 3] = ["1_19", "20_99", "5000_plus"];
    const TURNOVER: [&str; 4] = ["under_5m", "5m_20m", "500m_2b", "over_2b"];

    #[test]
    fn a_figure_falls_into_the_band_that_holds_it() {
        let people = |figure| band_of(PEOPLE.into_iter(), figure);
        assert_eq!(people(19.0), Some("1_19"));
        assert_eq!(people(20.0), Some("20_99"));
        assert_eq!(people(9_000.0), Some("5000_plus"));
        let turnover = |figure| band_of(TURNOVER.into_iter(), figure);
        assert_eq!(turnover(4_999_999.0), Some("under_5m"));
        assert_eq!(turnover(5e6), Some("5m_20m"));
        assert_eq!(turnover(1.1e9), Some("500m_2b"));
        assert_eq!(turnover(2e9), Some("over_2b"));
    }

    #[test]
    fn choices_that_are_no_bands_take_no_figures() {
        assert_eq!(band_of(["A", "B"].into_iter(), 1.0), None);
        assert_eq!(band_of(["key_account", "ordinary"].into_iter(), 1.0), None);
    }
}
