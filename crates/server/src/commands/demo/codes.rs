//! The invented company's codes in the words of the described resources.

/// Bands of employees; the company's own bands are cut a little differently.
pub fn employees(code: &str) -> &'static str {
    match code {
        "lt_50" | "50_99" => "20_99",
        "100_299" => "100_499",
        "300_999" => "500_999",
        "1000_4999" => "1000_4999",
        _ => "5000_plus",
    }
}

/// Bands of yearly revenue.
pub fn revenue_band(code: &str) -> &'static str {
    match code {
        "lt_20m" => "5m_20m",
        "20m_50m" | "50m_100m" => "20m_100m",
        "100m_500m" => "100m_500m",
        "500m_1b" => "500m_2b",
        _ => "over_2b",
    }
}

pub fn source(code: &'static str) -> &'static str {
    if code == "partner" { "channel" } else { code }
}

pub fn loss_reason(code: &'static str) -> &'static str {
    match code {
        "no_budget" => "budget",
        "fit" => "product_fit",
        same => same,
    }
}
