//! How many rows a relation leads to, as types: what decides which fields of a view may hold it.

/// Exactly one: a required `belongs_to`.
#[derive(Debug, Clone, Copy)]
pub enum One {}

/// One or none: a nullable `belongs_to`.
#[derive(Debug, Clone, Copy)]
pub enum Maybe {}

/// Any number that belong to the parent: `has_many`.
#[derive(Debug, Clone, Copy)]
pub enum Many {}

/// Any number, shared with other parents: `many_to_many`.
#[derive(Debug, Clone, Copy)]
pub enum Through {}
