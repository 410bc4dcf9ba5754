//! The derive macros of persist.
use proc_macro::TokenStream;

/// Stub.
#[proc_macro_derive(Entity, attributes(entity))]
pub fn entity(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Stub.
#[proc_macro_derive(View, attributes(view))]
pub fn view(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Stub.
#[proc_macro_derive(Scalar, attributes(scalar))]
pub fn scalar(_: TokenStream) -> TokenStream {
    TokenStream::new()
}
