//! Employees, the customers they look after, and what those bought.

use crate::schema;
use persist::prelude::*;
use rust_decimal::Decimal;
use std::sync::Arc;

/// Somebody who works in the shop. The relation to the manager leads to the same table, and so does its inverse.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::employee, name = "Employee")]
#[entity(has_many(reports: Employee, by = manager))]
#[entity(has_many(customers: Customer, by = support_rep))]
pub struct Employee {
    /// The key.
    #[entity(key, column = employee_id)]
    pub id: i32,
    /// The family name.
    pub last_name: String,
    /// The manager; the head of the shop has none.
    #[entity(belongs_to(manager: Employee))]
    pub reports_to: Option<i32>,
}

/// Somebody who buys in the shop.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::customer, name = "Customer")]
#[entity(has_many(invoices: Invoice))]
pub struct Customer {
    /// The key.
    #[entity(key, column = customer_id)]
    pub id: i32,
    /// The family name.
    pub last_name: String,
    /// Who looks after the customer, if anybody does.
    #[entity(belongs_to(support_rep: Employee))]
    pub support_rep_id: Option<i32>,
}

/// What a customer bought at one time.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::invoice, name = "Invoice")]
pub struct Invoice {
    /// The key.
    #[entity(key, column = invoice_id)]
    pub id: i32,
    /// The customer.
    #[entity(belongs_to(customer: Customer))]
    pub customer_id: i32,
    /// The price of all of it. An exact decimal: it is never a float on its way here.
    pub total: Decimal,
}

/// An employee among colleagues and customers: one statement each for the employees, their managers, their reports,
/// their customers, and the invoices of those.
#[derive(Debug, View)]
#[view(of = Employee, budget = 5)]
pub struct SalesRecord {
    /// The employee's key.
    pub id: i32,
    /// The employee's family name.
    pub last_name: String,
    /// The manager; the head of the shop has none.
    pub manager: Option<Arc<Colleague>>,
    /// Those whose manager this is.
    pub reports: Vec<Colleague>,
    /// The customers.
    pub customers: Vec<Account>,
}

/// An employee as others speak of one.
#[derive(Debug, View)]
#[view(of = Employee)]
pub struct Colleague {
    /// The family name.
    pub last_name: String,
}

/// A customer with what was bought.
#[derive(Debug, View)]
#[view(of = Customer)]
pub struct Account {
    /// The invoices.
    pub invoices: Vec<InvoiceTotal>,
}

/// What an invoice amounts to.
#[derive(Debug, View)]
#[view(of = Invoice)]
pub struct InvoiceTotal {
    /// The price of all of it.
    pub total: Decimal,
}

impl SalesRecord {
    /// The invoices of all customers.
    pub fn invoices(&self) -> impl Iterator<Item = &InvoiceTotal> {
        self.customers.iter().flat_map(|customer| &customer.invoices)
    }

    /// What all invoices amount to, unless a [`Decimal`] cannot hold it.
    #[must_use]
    pub fn total(&self) -> Option<Decimal> {
        self.invoices().try_fold(Decimal::ZERO, |sum, invoice| sum.checked_add(invoice.total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(totals: &[&[Decimal]]) -> SalesRecord {
        let bill = |total: &Decimal| InvoiceTotal { total: *total };
        let customers = totals.iter().map(|totals| Account { invoices: totals.iter().map(bill).collect() }).collect();
        SalesRecord { id: 3, last_name: "Peacock".to_owned(), manager: None, reports: Vec::new(), customers }
    }

    #[test]
    fn totals_are_exact() {
        let record = record(&[&[Decimal::new(10, 2); 1000], &[], &[Decimal::new(1, 2)]]);
        assert_eq!(record.invoices().count(), 1001);
        assert_eq!(record.total(), Some(Decimal::new(10_001, 2)));
    }

    #[test]
    fn a_total_beyond_every_decimal_is_none() {
        assert_eq!(record(&[&[Decimal::MAX], &[Decimal::ONE]]).total(), None);
    }
}
