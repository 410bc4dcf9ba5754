//! Exact decimals, without a library: the neutral form of a `NUMERIC` value.

use std::cmp::Ordering;
use std::fmt;

/// An exact decimal number: `units` × 10^-`scale`, kept without trailing zeros.
///
/// This is the neutral form of a `NUMERIC` value; it never passes through a float.
///
/// ```
/// use persist::Decimal;
/// assert_eq!(Decimal::new(150, 2), Decimal::new(15, 1));
/// assert_eq!("-12.50".parse(), Ok(Decimal::new(-125, 1)));
/// assert_eq!(Decimal::new(-5, 2).to_string(), "-0.05");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    units: i128,
    scale: u32,
}

/// The text is not a decimal number of at most 38 digits: what parsing a [`Decimal`] fails with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number of at most 38 digits")]
#[non_exhaustive]
pub struct NotADecimal;

impl Decimal {
    const MAX_SCALE: u32 = 38;

    /// `units` × 10^-`scale`.
    ///
    /// ```
    /// assert_eq!(persist::Decimal::new(199, 2).to_string(), "1.99");
    /// ```
    ///
    /// Digits past the 38th behind the point are cut off.
    #[must_use]
    pub const fn new(mut units: i128, mut scale: u32) -> Self {
        while scale > 0 && (units % 10 == 0 || scale > Self::MAX_SCALE) {
            units /= 10;
            scale -= 1;
        }
        Self { units, scale }
    }

    /// The digits, as one integer.
    #[must_use]
    pub const fn units(self) -> i128 {
        self.units
    }

    /// How many of the digits stand behind the decimal point.
    #[must_use]
    pub const fn scale(self) -> u32 {
        self.scale
    }

    /// The sum of the two; nothing where it has more than 38 digits.
    ///
    /// ```
    /// use persist::Decimal;
    /// assert_eq!(Decimal::new(15, 1).checked_add(Decimal::new(-25, 2)), Some(Decimal::new(125, 2)));
    /// assert_eq!(Decimal::new(i128::MAX, 0).checked_add(Decimal::new(1, 0)), None);
    /// ```
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let widened = |it: Self| it.units.checked_mul(10_i128.checked_pow(scale - it.scale)?);
        Some(Self::new(widened(self)?.checked_add(widened(other)?)?, scale))
    }

    fn split(self) -> (i128, i128) {
        // Never more than 10^38, which fits.
        let unit = 10_i128.pow(self.scale.min(Self::MAX_SCALE));
        let widen = 10_i128.pow(Self::MAX_SCALE.saturating_sub(self.scale));
        (self.units / unit, (self.units % unit).saturating_mul(widen))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.split().cmp(&other.split())
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.units.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if self.units < 0 {
            f.write_str("-")?;
        }
        if scale == 0 {
            return f.write_str(&digits);
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{whole}.{fraction}")
    }
}

impl std::str::FromStr for Decimal {
    type Err = NotADecimal;

    /// Reads plain (`-1.50`) and scientific (`1.5e-7`) notation.
    ///
    /// ```
    /// use persist::Decimal;
    /// assert_eq!("1.5e3".parse(), Ok(Decimal::new(1500, 0)));
    /// // What a column fills up with is not counted.
    /// assert_eq!("12345678901234567890.500000000000000000000000000000".parse(), Ok(Decimal::new(123456789012345678905, 1)));
    /// ```
    ///
    /// # Errors
    /// When the text is something else, or has more digits than fit.
    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| NotADecimal)?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = whole.trim_start_matches(['+', '-']);
        if digits.len() + fraction.len() == 0
            || whole.len() - digits.len() > 1
            || !(digits.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit())
        {
            return Err(NotADecimal);
        }
        // What a column of many places fills up with would not fit.
        let fraction = fraction.trim_end_matches('0');
        let sign = whole.strip_suffix(digits).unwrap_or_default();
        let units: i128 = format!("{sign}0{digits}{fraction}").parse().map_err(|_| NotADecimal)?;
        let scale = i32::try_from(fraction.len()).map_err(|_| NotADecimal)?.saturating_sub(exponent);
        if let Ok(scale) = u32::try_from(scale) {
            let value = Self::new(units, scale);
            return if value.scale <= Self::MAX_SCALE { Ok(value) } else { Err(NotADecimal) };
        }
        let widened = 10_i128.checked_pow(scale.unsigned_abs()).and_then(|unit| units.checked_mul(unit));
        Ok(Self::new(widened.ok_or(NotADecimal)?, 0))
    }
}
