"""PostgreSQL holds the audit ledger append-only, whoever writes to it.

An entry's sealing columns may be written once; nothing else of it may change. A side row of values may only
be erased whole. Neither may be deleted.
"""

from django.db import migrations

GUARD_ENTRY = """
CREATE FUNCTION schools_audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
       AND (to_jsonb(NEW) - ARRAY['sequence', 'previous_hash', 'entry_hash'])
         = (to_jsonb(OLD) - ARRAY['sequence', 'previous_hash', 'entry_hash']) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit ledger is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER schools_audit_entry_guard BEFORE UPDATE OR DELETE ON schools_auditentry
    FOR EACH ROW EXECUTE FUNCTION schools_audit_entry_guard();
"""

GUARD_VALUES = """
CREATE FUNCTION schools_audit_values_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
       AND NEW.entry_id = OLD.entry_id AND NEW.values IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit ledger is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER schools_audit_values_guard BEFORE UPDATE OR DELETE ON schools_auditvalues
    FOR EACH ROW EXECUTE FUNCTION schools_audit_values_guard();
"""

UNGUARD = """
DROP TRIGGER IF EXISTS schools_audit_entry_guard ON schools_auditentry;
DROP TRIGGER IF EXISTS schools_audit_values_guard ON schools_auditvalues;
DROP FUNCTION IF EXISTS schools_audit_entry_guard();
DROP FUNCTION IF EXISTS schools_audit_values_guard();
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD_ENTRY)
        schema_editor.execute(GUARD_VALUES)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNGUARD)


class Migration(migrations.Migration):
    dependencies = [("schools", "0002_audit_ledger")]

    operations = [migrations.RunPython(guard, unguard)]
