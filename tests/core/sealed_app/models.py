"""Somebody whose numbers are sealed."""

from django.db import models

from core.sealed import SealedField, mask_email, mask_mobile, normal_email, normal_mobile


class Holder(models.Model):
    # The digest stands once before and once after its field: either order must do.
    mobile = SealedField(
        null=True,
        blank=True,
        mask=mask_mobile,
        normal=normal_mobile,
        digest_field="mobile_digest",
        purpose="holder.mobile",
    )
    mobile_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    email_digest = models.CharField(max_length=64, default="", blank=True)
    email = SealedField(
        blank=True,
        default="",
        mask=mask_email,
        normal=normal_email,
        digest_field="email_digest",
        purpose="holder.email",
    )
    note = SealedField(null=True, blank=True)
    name = models.CharField(max_length=20, default="演示人员01")

    class Meta:
        app_label = "sealed_app"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Loose(models.Model):
    """Declared wrongly in two ways."""

    half = SealedField(digest_field="half_digest")
    lost = SealedField(digest_field="nowhere", purpose="loose.lost")

    class Meta:
        app_label = "sealed_loose"  # no table, and not in the way of a rotation
        ordering = ["pk"]

    def __str__(self) -> str:
        return "loose"
