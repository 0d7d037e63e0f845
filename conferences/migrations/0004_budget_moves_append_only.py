"""PostgreSQL holds the ledger of budgets append-only, whoever writes to it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION conferences_budget_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of budgets is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER conferences_budget_move_guard BEFORE UPDATE OR DELETE ON conferences_budgetmove
    FOR EACH ROW EXECUTE FUNCTION conferences_budget_move_guard();
"""

UNGUARD = """
DROP TRIGGER IF EXISTS conferences_budget_move_guard ON conferences_budgetmove;
DROP FUNCTION IF EXISTS conferences_budget_move_guard();
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNGUARD)


class Migration(migrations.Migration):
    dependencies = [("conferences", "0003_money_budgets")]

    operations = [migrations.RunPython(guard, unguard)]
