//! Which products an opportunity is about.

use crate::archetypes::Figures;
use crate::catalogue::Product;
use crate::opportunities::Draft;
use crate::opportunity::OpportunityLine;
use crate::plan::HISTORY_DAYS;

impl<'a> Draft<'a> {
    /// A product that is sold around the day, and whose price leaves room for two or more.
    pub(crate) fn product(&mut self, target: f64, day: i32) -> &'a Product {
        let company = self.company;
        let moment = 1.0 - f64::from(company.today_day - day) / f64::from(HISTORY_DAYS);
        let mut found = company.products.len() - 2;
        let mut sum = 0.0;
        for (index, product) in company.products.iter().enumerate() {
            let price = product.list_price_minor as f64;
            if price * 2.0 <= target && price * 600.0 >= target {
                let weight = product.weight(moment);
                sum += weight;
                if weight > 0.0 && self.random.chance(weight / sum) {
                    found = index;
                }
            }
        }
        &company.products[found]
    }

    /// One to three lines that sum to about the target (分), at the discounts that the owner gives.
    pub(crate) fn lines(
        &mut self,
        target: f64,
        leading: &Product,
        day: i32,
        figures: &Figures,
    ) -> Vec<OpportunityLine> {
        let count = self.random.weighted(&[(1_usize, 50), (2, 32), (3, 18)]);
        let shares: &[f64] = [&[1.0][..], &[0.68, 0.32], &[0.56, 0.26, 0.18]][count - 1];
        let (low, high) = figures.discount_percent;
        let discount = self.random.range(low, high);
        let mut lines: Vec<OpportunityLine> = Vec::with_capacity(count);
        for share in shares {
            let part = target * share;
            let product = if lines.is_empty() {
                leading
            } else {
                self.product(part, day)
            };
            let price = product.list_price_minor;
            let discount_percent =
                i64::from((discount + self.random.range(-1, 1)).clamp(low, high));
            let net = price * (100 - discount_percent) / 100;
            let quantity = ((part / net as f64 + 0.5) as i64).max(1);
            if let Some(line) = lines.iter_mut().find(|line| line.product_id == product.id) {
                line.quantity += quantity;
                line.amount_minor =
                    line.quantity * (line.price_minor * (100 - line.discount_percent) / 100);
                continue;
            }
            lines.push(OpportunityLine {
                product_id: product.id,
                quantity,
                price_minor: price,
                discount_percent,
                amount_minor: quantity * net,
            });
        }
        lines
    }
}
