//! Scalars: how a newtype or an enum is read and written.

use super::located;
use crate::krate::Krate;
use crate::model::{Scalar, Shape, Variant};
use crate::names::ends;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Member, Type};

pub(crate) fn scalar(scalar: &Scalar) -> TokenStream {
    let Scalar { krate, ident, shape } = scalar;
    match shape {
        Shape::Newtype(member, ty) => newtype(scalar, member, ty),
        Shape::Text(variants) => text(scalar, variants),
        Shape::Integer(width, variants) => integer(scalar, width, variants),
        Shape::Odd => {
            let nothing = quote!(::core::panic!());
            impls(krate, ident, &quote!(::core::primitive::i32), [&nothing; 3])
        }
    }
}

/// Stands for a scalar that could not be understood, so that its users are not told about it too.
pub(crate) fn fallback(scalar: &Scalar) -> TokenStream {
    let Scalar { krate, ident, shape } = scalar;
    let inner = match shape {
        Shape::Newtype(_, ty) => quote!(#ty),
        Shape::Text(_) => quote!(::std::string::String),
        Shape::Integer(..) | Shape::Odd => quote!(::core::primitive::i32),
    };
    let nothing = quote!({
        let _ = &raw;
        ::core::panic!()
    });
    let panic = quote!(::core::panic!());
    impls(krate, ident, &inner, [&nothing, &panic, &panic])
}

fn impls(krate: &Krate, ident: &Ident, inner: &TokenStream, [read, write, holds]: [&TokenStream; 3]) -> TokenStream {
    krate.block(&quote! {
        #[automatically_derived]
        impl #krate::Scalar for #ident {
            #[inline]
            fn read(raw: #krate::Raw<'_>) -> ::core::result::Result<Self, #krate::Unfit> {
                #read
            }

            #[inline]
            fn to_value(&self) -> #krate::Value {
                #write
            }

            #[inline]
            fn holds(&self, value: &#krate::Value) -> ::core::primitive::bool {
                #holds
            }
        }

        #[automatically_derived]
        impl #krate::Newtype for #ident {
            type Inner = #inner;
        }

        #[automatically_derived]
        impl #krate::Slot for #ident {
            type Itself = Self;
            type Partial = Self;
            type InOption = ::core::option::Option<Self>;
            type InVec = ::std::vec::Vec<Self>;
        }
    })
}

fn newtype(scalar: &Scalar, member: &Member, ty: &Type) -> TokenStream {
    let Scalar { krate, ident, .. } = scalar;
    let (start, end) = ends(ty);
    let (open, close) = (located(quote!(<), start), located(quote!(as #krate::Scalar>), end));
    let read = quote! {
        ::core::result::Result::Ok(Self { #member: #open #ty #close::read(raw)? })
    };
    let write = quote!(#open #ty #close::to_value(&self.#member));
    let holds = quote!(#open #ty #close::holds(&self.#member, value));
    impls(krate, ident, &quote!(#ty), [&read, &write, &holds])
}

fn text(scalar: &Scalar, variants: &[Variant]) -> TokenStream {
    let Scalar { krate, ident, .. } = scalar;
    let names: Vec<_> = variants.iter().map(|variant| &variant.ident).collect();
    let stored: Vec<_> = variants.iter().map(|variant| &variant.stored).collect();
    let expected = expected(stored.iter().map(ToString::to_string));
    let read = quote! {
        let text = raw.text()?;
        match &*text {
            #(#stored => ::core::result::Result::Ok(Self::#names),)*
            _ => ::core::result::Result::Err(#krate::Unfit::text(#expected, &text)),
        }
    };
    let name = quote!(match self {
        #(Self::#names => #stored),*
    });
    let write = quote!(#krate::Value::Text(::std::string::String::from(#name)));
    let holds = quote!(::core::matches!(value, #krate::Value::Text(text) if text == #name));
    impls(krate, ident, &quote!(::std::string::String), [&read, &write, &holds])
}

fn integer(scalar: &Scalar, width: &Ident, variants: &[Variant]) -> TokenStream {
    let Scalar { krate, ident, .. } = scalar;
    let names: Vec<_> = variants.iter().map(|variant| &variant.ident).collect();
    let expected = expected(variants.iter().map(|variant| variant.ident.to_string()));
    let expected = format!("the number of {expected}");
    let numbers = numbers(variants);
    let constants: Vec<_> = (0..names.len()).map(|number| format_ident!("NUMBER_{number}")).collect();
    let declare = quote!(#(const #constants: ::core::primitive::#width = #numbers;)*);
    let read = quote! {
        #declare
        let found: ::core::primitive::#width = #krate::Scalar::read(raw)?;
        match found {
            #(#constants => ::core::result::Result::Ok(Self::#names),)*
            _ => ::core::result::Result::Err(#krate::Unfit::value(#expected, found)),
        }
    };
    let write = quote! {
        #declare
        #krate::Scalar::to_value(&match self {
            #(Self::#names => #constants),*
        })
    };
    let holds = quote!(*value == #krate::Scalar::to_value(self));
    impls(krate, ident, &quote!(::core::primitive::#width), [&read, &write, &holds])
}

/// The discriminants, as rustc counts them: from the last stated one on.
fn numbers(variants: &[Variant]) -> Vec<TokenStream> {
    let mut base = quote!(0);
    let mut above = 0_u32;
    let mut numbers = Vec::with_capacity(variants.len());
    for variant in variants {
        if let Some(stated) = &variant.discriminant {
            base = quote!(#stated);
            above = 0;
        }
        let step = proc_macro2::Literal::u32_unsuffixed(above);
        numbers.push(if above == 0 { base.clone() } else { quote!((#base) + #step) });
        above += 1;
    }
    numbers
}

fn expected(names: impl Iterator<Item = String>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    format!("one of {}", names.join(", "))
}
