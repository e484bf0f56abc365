"""三员分立 by the database: whoever holds a site role acts for no unit, and the other way round."""

from django.db import migrations

# Both sides lock the person's row first, so that two grants at the same moment cannot pass each other.
FORWARD = """
CREATE FUNCTION portal_membership_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM accounts_siterole WHERE user_id = NEW.user_id) THEN
        RAISE EXCEPTION 'user % holds a site role and can act for no unit', NEW.user_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_apart_from_site_role';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER membership_apart_from_site_role
    BEFORE INSERT OR UPDATE OF user_id, revoked_at ON pilots_membership
    FOR EACH ROW WHEN (NEW.revoked_at IS NULL) EXECUTE FUNCTION portal_membership_apart();

CREATE FUNCTION portal_site_role_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM pilots_membership WHERE user_id = NEW.user_id AND revoked_at IS NULL) THEN
        RAISE EXCEPTION 'user % acts for a unit and can hold no site role', NEW.user_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'site_role_apart_from_memberships';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER site_role_apart_from_memberships
    BEFORE INSERT OR UPDATE OF user_id ON accounts_siterole
    FOR EACH ROW EXECUTE FUNCTION portal_site_role_apart();
"""
BACKWARD = """
DROP TRIGGER site_role_apart_from_memberships ON accounts_siterole;
DROP FUNCTION portal_site_role_apart();
DROP TRIGGER membership_apart_from_site_role ON pilots_membership;
DROP FUNCTION portal_membership_apart();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_users_site_roles_tokens"),
        ("pilots", "0001_programmes_documents_units_enrolments_memberships"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
