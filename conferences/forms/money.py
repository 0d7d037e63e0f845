"""Fields for sums of money: one line of text that is read as people write sums, and comes back as it was typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conferences import money
from conferences.currencies import HOME, currency_choices


class TypedNumberField(forms.CharField):
    """A line of text that is read as a number, without the arrows and roundings of a browser's number field."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", **kwargs.pop("attrs", {})}
        super().__init__(**{"max_length": money.LONGEST, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def read(self, text: str) -> int:
        raise NotImplementedError

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        return self.checked(text)

    def checked(self, text: str) -> Any:
        """What `read` makes of the text; its refusal becomes the field's error."""
        try:
            return self.read(text)
        except money.Unreadable as refusal:
            raise ValidationError(str(refusal), code="unreadable") from refusal


class MoneyField(TypedNumberField):
    """A sum; cleaned to whole minor units, None where nothing was typed and nothing is required.

    With `currency_from` the currency stands in another field of the form, which then must be a `MoneyForm`;
    otherwise the sum is in `currency`. `zero=False` refuses 0. A number as initial value is shown as people write it.
    """

    def __init__(self, *, currency: str = HOME, currency_from: str = "", zero: bool = True, **kwargs: Any) -> None:
        self.currency, self.currency_from, self.zero = currency, currency_from, zero
        super().__init__(**kwargs)

    def read(self, text: str) -> int:
        minor = money.parse(text, self.currency)
        if not minor and not self.zero:
            raise money.Unreadable(_("The sum must be above 0."))
        return minor

    def checked(self, text: str) -> Any:
        """With the currency in another field the text waits until the whole form is looked at."""
        return text if self.currency_from else super().checked(text)

    def checked_in(self, text: str, currency: str) -> int:
        """The text read as a sum in that currency. Raises ValidationError."""
        self.currency = currency
        return super().checked(text)

    def prepare_value(self, value: Any) -> Any:
        return money.typed(value, self.currency) if isinstance(value, int) else value


class RateField(TypedNumberField):
    """Tenge for one unit of a currency; cleaned to millionths of a tenge."""

    def read(self, text: str) -> int:
        return money.read_rate(text)

    def prepare_value(self, value: Any) -> Any:
        return money.rate_shown(value) if isinstance(value, int) else value


class CurrencyField(forms.ChoiceField):
    """A currency by its code; `foreign` leaves out tenge."""

    def __init__(self, *, foreign: bool = False, **kwargs: Any) -> None:
        usual = {"label": _("currency"), "choices": lambda: currency_choices(foreign=foreign)}
        super().__init__(**{**usual, **kwargs})


class MoneyForm(forms.Form):
    """A form whose sums may stand in a currency that is chosen beside them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self._sums().values():
            field.currency = self.get_initial_for_field(self.fields[field.currency_from], field.currency_from) or HOME

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, field in self._sums().items():
            text, currency = data.get(name), data.get(field.currency_from)
            if text and currency:
                try:
                    data[name] = field.checked_in(text, currency)
                except ValidationError as error:
                    self.add_error(name, error)
        return data

    def _sums(self) -> dict[str, MoneyField]:
        return {
            name: field for name, field in self.fields.items() if isinstance(field, MoneyField) and field.currency_from
        }
