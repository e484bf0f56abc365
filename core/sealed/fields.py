"""The model field whose column holds a token."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django import forms
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from .keys import SealBroken, digest, digests
from .values import Mask, Sealed, mask_all

Normal = Callable[[str], str]


class SealedFormField(forms.CharField):
    """Shows the masked text; sent back as it was shown, it means the value that was there."""

    def __init__(self, *, normal: Normal | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.normal = normal

    def prepare_value(self, value: Any) -> Any:
        return value.masked if isinstance(value, Sealed) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.normal(text) if text and self.normal else text

    def _clean_bound_field(self, bound: Any) -> Any:
        """What Django calls with the initial value at hand, as its FileField does."""
        if self.disabled or self._is_as_shown(bound.initial, bound.data):
            return bound.initial
        return self.clean(bound.data)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self._is_as_shown(initial, data) and super().has_changed(initial, data)

    def _is_as_shown(self, initial: Any, data: Any) -> bool:
        return isinstance(initial, Sealed) and str(data or "").strip() == initial.masked


class SealedAttribute(DeferredAttribute):
    """Seals a plain text in the moment it is assigned."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        field: Any = self.field
        instance.__dict__[field.attname] = field.to_python(value)
        if not isinstance(value, Sealed):  # a row that is read brings its digest along
            field.fill_digest(instance)


class SealedField(models.TextField):
    """A text that lies encrypted. `mask` says what may be seen of it, `normal` how it is written:
    applied on assignment, and refused by `full_clean()` when it cannot be. None stands for empty.

    With `digest_field` (a unique column of 64 characters, null for several empty ones) and `purpose`
    (a name of its own, which must never change) the column of keyed hashes fills itself: on
    assignment, on full_clean(), save(), bulk_create(), and save(update_fields=[...]), which takes
    the digest along. What does not: `bulk_update(rows, ["mobile"])` must name the digest's column
    too, and `update(mobile=...)` is refused unless it is given a Sealed (rotation does both columns).

    Questions go to the digest, `Person.rows.filter(matching(Person, "mobile", text))`; a lookup of
    the field itself, but for isnull, raises FieldError.
    """

    description = "Encrypted text"
    descriptor_class = SealedAttribute

    def __init__(
        self,
        *args: Any,
        mask: Mask = mask_all,
        normal: Normal | None = None,
        digest_field: str = "",
        purpose: str = "",
        **kwargs: Any,
    ) -> None:
        self.mask, self.normal = mask, normal
        self.digest_field, self.purpose = digest_field, purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Migrations know the column; what Python does with it is none of theirs."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "core.sealed.SealedField", args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().contribute_to_class(cls, name, **kwargs)
        if self.digest_field:
            cls.save = _saving_both(cls.save, name, self.digest_field)  # type: ignore[method-assign]

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_digest()]

    def _check_digest(self) -> list[checks.CheckMessage]:
        if bool(self.digest_field) != bool(self.purpose):
            return [
                checks.Error("digest_field and purpose go together.", obj=self, id="sealed.E001")
            ]
        try:
            if self.digest_field:
                self.model._meta.get_field(self.digest_field)
        except FieldDoesNotExist:
            text = f"There is no field {self.digest_field}."
            return [checks.Error(text, obj=self, id="sealed.E002")]
        return []

    # --- values ----------------------------------------------------------------------------------

    def from_db_value(self, value: str | None, *_args: Any) -> Sealed | None:
        return Sealed(value, self.mask) if value else None

    def to_python(self, value: Any) -> Sealed | None:
        """Seal a plain text; raises TypeError for what is neither text nor sealed."""
        if value is None or isinstance(value, Sealed):
            return value
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes a text, not {type(value).__name__}.")
        text = self._written(value.strip())
        return Sealed.of(text, self.mask) if text else None

    def _written(self, text: str) -> str:
        try:
            return self.normal(text) if text and self.normal else text
        except ValidationError:
            return text  # full_clean() says what is wrong with it

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Raises ValidationError for a text that cannot be written in the normal way. A value that
        no key opens stays as it is."""
        sealed = super().clean(value, model_instance)
        if isinstance(sealed, Sealed) and self.normal and not sealed.is_broken:
            self.normal(sealed.reveal())
        if model_instance is not None:
            self.fill_digest(model_instance)
        return sealed

    def get_prep_value(self, value: Any) -> str | None:
        """The token. A plain text comes only from update(), which would forget the digest."""
        if isinstance(value, str):
            raise TypeError(f"update() does not seal {self.name}; assign it to the row and save.")
        if value is None:
            return None if self.null else ""
        return value.token if isinstance(value, Sealed) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        self.fill_digest(model_instance)
        return super().pre_save(model_instance, add)

    def value_to_string(self, obj: Any) -> str:
        """Serialised it is the token: safe to lie about, and of no use without the key."""
        value = self.value_from_object(obj)
        return value.token if isinstance(value, Sealed) else ""

    def formfield(self, **kwargs: Any) -> Any:
        defaults = {"form_class": SealedFormField, "widget": forms.TextInput, "normal": self.normal}
        return super().formfield(**{**defaults, **kwargs})

    # --- finding ---------------------------------------------------------------------------------

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            hint = f"; ask {self.digest_field}" if self.digest_field else ""
            raise FieldError(f"{self.name} is encrypted and knows no {lookup_name}{hint}.")
        return super().get_lookup(lookup_name)

    def matching(self, text: str) -> models.Q:
        """Condition on rows that hold this text, under whichever key; nothing for an empty one."""
        written = self._written(text.strip())
        known = digests(written, purpose=self.purpose) if written else []
        return models.Q(**{f"{self.digest_field}__in": known})

    def fill_digest(self, instance: models.Model) -> None:
        """Set the digest's column to that of the value; one that no key opens keeps the old."""
        if not self.digest_field or self.attname not in instance.__dict__:
            return
        value = instance.__dict__[self.attname]
        if value is None:
            column: Any = instance._meta.get_field(self.digest_field)
            setattr(instance, self.digest_field, None if column.null else "")
            return
        with suppress(SealBroken):
            setattr(instance, self.digest_field, digest(value.reveal(), purpose=self.purpose))


def matching(model: type[models.Model], name: str, text: str) -> models.Q:
    """Condition on the rows of `model` whose sealed field `name` holds this text, however it is
    written; on none for an empty text. Raises ValueError for a field without digest."""
    field = model._meta.get_field(name)
    if not isinstance(field, SealedField) or not field.digest_field:
        raise ValueError(f"{model.__name__}.{name} has no digest to compare with.")
    return field.matching(text)


def _saving_both(save: Callable[..., None], name: str, digest_field: str) -> Callable[..., None]:
    """`save()` that never writes the value without its digest: a stale one would let the same number
    in twice."""

    @wraps(save)
    def saving(self: Any, *args: Any, **kwargs: Any) -> None:
        chosen = kwargs.get("update_fields")
        if chosen is not None and name in chosen:
            kwargs["update_fields"] = {*chosen, digest_field}
        save(self, *args, **kwargs)

    return saving
