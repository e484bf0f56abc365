"""Sealed columns: never shown by accident, unique by keyed hash, readable after a change of keys."""

import copy
import json
import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier

import pytest
from cryptography.fernet import Fernet
from django import forms
from django.contrib.admin.utils import display_for_field
from django.core import serializers
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from django.template import Context, Template
from rest_framework.serializers import ModelSerializer

from core import audit
from core.models import AuditEntry
from core.sealed import (
    SealBroken,
    Sealed,
    SealedFormField,
    digest,
    digests,
    mask_all,
    mask_email,
    mask_mobile,
    matching,
    normal_email,
    normal_mobile,
    normal_phone,
    rotation,
)
from tests.core.sealed_app.models import Holder, Loose

CANARY = "13812345678"
MASKED = "138****5678"
OTHER_KEY = Fernet.generate_key().decode()


@pytest.fixture
def table(settings, db):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.core.sealed_app"]
    with connection.schema_editor() as editor:
        editor.create_model(Holder)
    yield Holder
    with connection.schema_editor() as editor:
        editor.delete_model(Holder)


@pytest.fixture
def holder(table):
    return table.objects.create(mobile=CANARY, email="liming@example.gov.cn", note="备注")


def turn_key(settings):
    settings.FIELD_KEYS = [OTHER_KEY, *settings.FIELD_KEYS]


def lose_keys(settings):
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]


def column(name):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{name}" FROM sealed_app_holder ORDER BY id')
        return [value for (value,) in cursor.fetchall()]


# --- the value -----------------------------------------------------------------------------------


def test_every_way_of_writing_it_shows_the_mask_alone():
    value = Sealed.of(CANARY, mask_mobile)
    said = [str(value), f"{value}", f"{value:>20}", f"{value!r}", "%s" % value, "{}".format(value)]  # noqa: UP031, UP032 - each way is meant
    said += [Template("{{ v }}").render(Context({"v": value})), json.dumps(value, default=str)]
    said += [str([value]), str({"mobile": value}), str(ValueError(value))]
    assert all(MASKED in text and CANARY not in text for text in said)
    assert value.reveal() == CANARY
    assert value.masked == MASKED


def test_it_is_no_json_by_itself():
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(Sealed.of(CANARY))


def test_copies_and_pickles_hold_the_token_alone():
    value = Sealed.of(CANARY, mask_mobile)
    raw = pickle.dumps(value)
    assert CANARY.encode() not in raw
    for twin in (pickle.loads(raw), copy.copy(value), copy.deepcopy(value)):
        assert twin == value
        assert str(twin) == MASKED


def test_two_are_equal_when_their_plain_texts_are():
    one, same, other = Sealed.of(CANARY), Sealed.of(CANARY), Sealed.of("13900000000")
    assert one.token != same.token
    assert one == same == CANARY
    assert len({one, same, other}) == 2
    assert one != other
    assert one != None  # noqa: E711 - the operator is meant
    assert one != 13812345678


def test_a_value_that_no_key_opens_is_shown_as_such_and_equals_only_itself(settings):
    value, same = Sealed.of(CANARY, mask_mobile), Sealed.of(CANARY, mask_mobile)
    lose_keys(settings)
    assert str(value) == "（无法解密）"
    assert value.is_broken
    assert value == Sealed(value.token)
    assert value != same
    assert value != CANARY
    assert len({value, Sealed(value.token), same}) == 2
    with pytest.raises(SealBroken, match="FIELD_KEYS") as refusal:
        value.reveal()
    assert refusal.value.status == 409


def test_without_keys_nothing_is_sealed(settings):
    settings.FIELD_KEYS = []
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        Sealed.of(CANARY)


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (mask_all, CANARY, "****"),
        (mask_mobile, CANARY, MASKED),
        (mask_mobile, "1381234567", "****"),
        (mask_email, "liming@example.gov.cn", "l***@example.gov.cn"),
        (mask_email, "l@example.gov.cn", "***@example.gov.cn"),
        (mask_email, "liming", "****"),
        (mask_email, "liming@", "****"),
    ],
)
def test_masks(mask, text, shown):
    assert mask(text) == shown


# --- one way of writing --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        CANARY,
        " 138 1234 5678 ",
        "138-1234-5678",
        "１３８１２３４５６７８",
        "１３８－１２３４—５６７８",
        "+86 13812345678",
        "＋86-138-1234-5678",
        "008613812345678",
        "8613812345678",
        "138\u200b12345678",
    ],
)
def test_a_mobile_number_has_one_form(text):
    assert normal_mobile(text) == CANARY


@pytest.mark.parametrize(
    "text", ["", "1398765432", "12812345678", "138123456789", "电话", "0755-12345678"]
)
def test_what_is_no_mobile_number_is_refused_without_repeating_it(text):
    with pytest.raises(ValidationError) as error:
        normal_mobile(text)
    (said,) = error.value.messages
    assert said.startswith("手机号写成11位数字")
    assert not text or text not in said


def test_an_address_has_one_form():
    assert normal_email(" LiMing＠Example.gov.cn ") == "liming@example.gov.cn"
    with pytest.raises(ValidationError, match="只写一个地址"):
        normal_email("liming@example.gov.cn; wang@example.gov.cn")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0755-12345678", "0755-12345678"),
        ("075512345678", "0755-12345678"),
        ("（0755）12345678", "0755-12345678"),
        ("０７５５－１２３４５６７８", "0755-12345678"),
        ("010 8765 4321", "010-87654321"),
        ("02087654321", "020-87654321"),
        ("0763-3456789", "0763-3456789"),
        ("0755-12345678转801", "0755-12345678-801"),
        ("0755-12345678 分机 801", "0755-12345678-801"),
        ("0755-12345678 ext. 801", "0755-12345678-801"),
        ("0755-12345678-801", "0755-12345678-801"),
    ],
)
def test_an_office_number_has_one_form(text, written):
    assert normal_phone(text) == written


@pytest.mark.parametrize("text", ["12345678", CANARY, "0755-123", "无", "0755-02345678"])
def test_what_is_no_office_number_is_refused(text):
    with pytest.raises(ValidationError, match="区号-号码"):
        normal_phone(text)


# --- the hash ------------------------------------------------------------------------------------


def test_the_hash_depends_on_key_and_purpose(settings):
    before = digest(CANARY, purpose="a")
    assert before == digest(CANARY, purpose="a")
    assert re.fullmatch(r"[0-9a-f]{64}", before)
    assert before != digest(CANARY, purpose="b")
    turn_key(settings)
    assert digest(CANARY, purpose="a") != before
    assert digests(CANARY, purpose="a") == [digest(CANARY, purpose="a"), before]


# --- the field -----------------------------------------------------------------------------------


def test_the_column_holds_a_token_and_the_row_a_sealed_value(holder):
    (token,) = column("mobile")
    assert token.startswith("gAAAA")
    assert CANARY not in token
    fresh = Holder.objects.get()
    assert fresh.mobile == CANARY
    assert str(fresh.mobile) == MASKED
    assert str(fresh.email) == "l***@example.gov.cn"
    assert str(fresh.note) == "****"


def test_empty_is_none_and_its_digest_empty(table):
    table.objects.create(mobile="", email="  ")
    table.objects.create()
    assert column("mobile") == column("mobile_digest") == [None, None]
    assert column("email") == column("email_digest") == ["", ""]
    fresh = table.objects.first()
    assert (fresh.mobile, fresh.email, fresh.note) == (None, None, None)


def test_assigning_seals_writes_it_the_one_way_and_hashes(table):
    row = table(mobile="+86 138 1234 5678", email="LiMing@example.gov.cn")
    assert row.mobile == CANARY
    assert CANARY not in str(vars(row))
    row.mobile = "139 0000 0000"
    assert row.mobile_digest == digest("13900000000", purpose="holder.mobile")
    row.mobile = None
    assert row.mobile_digest is None
    with pytest.raises(TypeError, match="takes a text"):
        row.mobile = 13812345678


def test_full_clean_refuses_a_malformed_number_and_a_second_of_the_same(holder):
    with pytest.raises(ValidationError) as error:
        Holder(mobile="138", email="liming@example.gov.cn").full_clean()
    assert set(error.value.message_dict) == {"mobile"}
    with pytest.raises(ValidationError) as error:
        Holder(mobile=" 138-1234-5678", email="wang@example.gov.cn").full_clean()
    assert set(error.value.message_dict) == {"mobile_digest"}
    holder.full_clean()


def test_the_database_refuses_the_same_number_twice(holder):
    with pytest.raises(IntegrityError, match="mobile_digest") as error, transaction.atomic():
        Holder.objects.create(mobile="13812345678", email="wang@example.gov.cn")
    assert CANARY not in str(error.value)


def test_bulk_create_fills_the_digest(table):
    table.objects.bulk_create(
        [table(mobile=f"1390000000{n}", email=f"a{n}@x.cn") for n in range(3)]
    )
    assert table.objects.filter(matching(table, "mobile", "139 0000 0002")).count() == 1
    assert table.objects.filter(matching(table, "email", "A1@X.CN")).count() == 1


def test_update_fields_takes_the_digest_along(holder):
    holder.mobile = "13900000000"
    holder.save(update_fields=["mobile"])
    assert column("mobile_digest") == [digest("13900000000", purpose="holder.mobile")]
    holder.name = "演示人员02"
    holder.save(update_fields=["name"])
    assert Holder.objects.get().mobile == "13900000000"


def test_a_sealed_value_of_another_row_brings_its_digest_on_saving(holder):
    other = Holder(email="wang@example.gov.cn")
    other.mobile, holder.mobile = holder.mobile, None
    holder.save()
    other.save()
    assert Holder.objects.get(matching(Holder, "mobile", CANARY)) == other


def test_update_is_refused_a_plain_text(holder):
    with pytest.raises(TypeError, match="assign it to the row"), transaction.atomic():
        Holder.objects.update(mobile="13900000000")
    Holder.objects.update(note=Sealed.of("新备注"))
    assert Holder.objects.get().note == "新备注"


@pytest.mark.parametrize("lookup", ["mobile", "mobile__contains", "mobile__in", "note__gt"])
def test_lookups_say_what_to_ask_instead(table, lookup):
    with pytest.raises(FieldError, match="is encrypted"):
        table.objects.filter(**{lookup: [CANARY]})
    assert table.objects.filter(mobile__isnull=True).count() == 0


def test_matching_finds_by_any_way_of_writing_and_never_by_nothing(holder):
    assert Holder.objects.get(matching(Holder, "mobile", "＋86 138－1234－5678")) == holder
    Holder.objects.create(email="wang@example.gov.cn")
    assert Holder.objects.filter(matching(Holder, "mobile", " ")).count() == 0
    assert Holder.objects.filter(matching(Holder, "mobile", "138")).count() == 0
    for name in ("note", "name"):
        with pytest.raises(ValueError, match="no digest"):
            matching(Holder, name, "x")


def test_values_serializers_admin_and_the_record_never_hold_it(holder):
    shown = [str(list(Holder.objects.values("mobile", "email"))), str(Holder.objects.values_list())]
    shown.append(serializers.serialize("json", [holder, Holder.objects.create()]))
    shown.append(str(vars(holder)))
    field = Holder._meta.get_field("mobile")
    shown.append(display_for_field(holder.mobile, field, "-"))
    kind = type(
        "Api",
        (ModelSerializer,),
        {"Meta": type("Meta", (), {"model": Holder, "fields": "__all__"})},
    )
    shown.append(json.dumps(kind(holder).data))
    audit.record("holder.edit", by=None, subject=holder, after=audit.facts(holder, ["mobile"]))
    shown.append(json.dumps(AuditEntry.objects.get().after))
    assert not [text for text in shown if CANARY in text]
    assert MASKED in shown[0] + shown[-1]


def test_copies_and_pickles_of_a_row_hold_no_plain_text(holder):
    raw = pickle.dumps(holder)
    assert CANARY.encode() not in raw
    assert pickle.loads(raw).mobile == copy.deepcopy(holder).mobile == CANARY


def test_a_deferred_value_is_read_when_asked(holder):
    row = Holder.objects.only("name").get()
    row.save()
    assert "mobile" in row.get_deferred_fields()
    assert row.mobile == CANARY
    row.refresh_from_db()
    assert row.mobile_digest == digest(CANARY, purpose="holder.mobile")


def test_a_save_leaves_what_no_key_opens_as_it_was(settings, holder):
    before = column("mobile"), column("mobile_digest")
    lose_keys(settings)
    row = Holder.objects.get()
    row.name = "演示人员02"
    row.full_clean()
    row.save()
    assert (column("mobile"), column("mobile_digest")) == before


def test_a_wrong_declaration_is_said_by_the_system_check():
    said = {error.id for error in Loose.check()}
    assert {"sealed.E001", "sealed.E002"} <= said
    assert all(Holder._meta.get_field(name).check() == [] for name in ("mobile", "note"))


def test_a_text_can_be_checked_before_there_is_a_row():
    field = Holder._meta.get_field("mobile")
    assert field.clean("138 1234 5678", None) == CANARY
    with pytest.raises(ValidationError, match="手机号"):
        field.clean("138", None)


def test_migrations_know_the_column_alone():
    _name, path, _args, kwargs = Holder._meta.get_field("mobile").deconstruct()
    assert (path, kwargs) == ("core.sealed.SealedField", {"null": True, "blank": True})


# --- forms ---------------------------------------------------------------------------------------


class HolderForm(forms.ModelForm):
    class Meta:
        model = Holder
        fields = ["mobile", "email"]


def test_a_form_shows_the_mask_and_takes_it_back_as_unchanged(holder):
    token = holder.mobile.token
    shown = str(HolderForm(instance=holder))
    assert MASKED in shown
    assert CANARY not in shown
    form = HolderForm({"mobile": MASKED, "email": "LiMing2@example.gov.cn"}, instance=holder)
    assert form.is_valid(), form.errors
    assert form.changed_data == ["email"]
    form.save()
    fresh = Holder.objects.get()
    assert fresh.mobile.token == token
    assert fresh.email == "liming2@example.gov.cn"


def test_a_form_takes_a_new_number_or_none_and_refuses_a_wrong_one(holder):
    same = {"email": str(holder.email)}
    form = HolderForm({"mobile": "139 0000 0000", **same}, instance=holder)
    assert form.is_valid()
    assert form.save().mobile == "13900000000"
    form = HolderForm({"mobile": "", **same}, instance=holder)
    assert form.is_valid()
    assert form.save().mobile_digest is None
    form = HolderForm({"mobile": "139", **same}, instance=holder)
    assert form.errors["mobile"][0].startswith("手机号写成11位数字")


def test_a_disabled_field_keeps_its_value(holder):
    form = HolderForm({"mobile": "13900000000", "email": ""}, instance=holder)
    form.fields["mobile"].disabled = True
    assert form.is_valid()
    assert form.save().mobile == CANARY
    assert SealedFormField().clean("任意") == "任意"


# --- changing keys -------------------------------------------------------------------------------


def rotated(**options):
    out = StringIO()
    call_command("rotate_field_keys", stdout=out, **options)
    return out.getvalue()


def test_after_a_rotation_the_old_key_can_go(settings, holder):
    Holder.objects.create(mobile="13900000000", email="")
    old = settings.FIELD_KEYS
    turn_key(settings)
    assert Holder.objects.get(matching(Holder, "mobile", CANARY)) == holder
    assert "待换用新密钥合计4项" in rotated(check=True)
    assert "sealed_app.Holder.mobile：共2项，已换用2项" in rotated()
    assert "已换用新密钥合计0项" in rotated()
    settings.FIELD_KEYS = [key for key in settings.FIELD_KEYS if key not in old]
    fresh = Holder.objects.get(matching(Holder, "mobile", CANARY))
    assert (fresh.mobile, fresh.email, fresh.note) == (CANARY, "liming@example.gov.cn", "备注")
    with pytest.raises(IntegrityError), transaction.atomic():
        Holder.objects.create(mobile=CANARY, email="")
    (entry,) = AuditEntry.objects.filter(verb="field_keys.rotate")
    assert entry.after["sealed_app.Holder.mobile"] == 2


def test_more_than_one_batch_is_turned_in_one_go(settings, table):
    count = rotation.BATCH + 1
    table.objects.bulk_create([table(mobile=str(13900000000 + n)) for n in range(count)])
    turn_key(settings)
    assert rotation.rotate().renewed["sealed_app.Holder.mobile"] == count


def test_a_key_that_went_too_early_is_named_and_the_rest_is_turned(settings, holder):
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = [OTHER_KEY]
    Holder.objects.create(mobile="13900000000", email="")
    with pytest.raises(CommandError, match=f"3项无法解密.*Holder.mobile {holder.pk}"):
        rotated()
    fresh = Holder.objects.get(pk=holder.pk)
    assert str(fresh.mobile) == "（无法解密）"
    settings.FIELD_KEYS = [OTHER_KEY, *old]
    assert "已换用新密钥合计3项" in rotated()


def test_the_same_number_under_two_keys_is_found_by_rotating(settings, holder):
    """Between the new key and the rotation the unique column cannot tell."""
    turn_key(settings)
    twin = Holder.objects.create(mobile=CANARY, email="")
    with pytest.raises(CommandError, match=f"记录{holder.pk}和{twin.pk}内容相同"):
        rotated()
    assert digest(CANARY, purpose="holder.mobile") != Holder.objects.get(pk=holder.pk).mobile_digest


@pytest.mark.django_db(transaction=True)
def test_two_rotations_at_once_turn_each_value_once(settings, table):
    table.objects.bulk_create([table(mobile=f"139000000{n:02}", email="") for n in range(40)])
    turn_key(settings)
    together = Barrier(2)

    def run(_place):
        together.wait(timeout=10)
        try:
            return rotation.rotate().total
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [0, 40]
    assert table.objects.filter(matching(table, "mobile", "13900000039")).count() == 1
