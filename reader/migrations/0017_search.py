import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

CALL = "(?<!\\\\)\\[\\^[1-9][0-9]{0,3}\\]"
MARKUP = "\\[\\^[1-9][0-9]{0,3}\\]|\\{p\\. [^{}\\n]+\\}|\\*|\\\\([^[:alnum:][:space:]])"
JOINED = r"[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
DOTTED = r"(?<![[:alnum:]])([A-ZА-ЯЁ])\.(?=[A-ZА-ЯЁ]\.)"
PARTED = (
    r"[\u0001-\u0008\u000e-\u001e!-/:-@\[-`{-~\u007f-\u00a9\u00ab\u00ac\u00ae-\u00b4\u00b6-\u00b9\u00bb\u00bf\u00d7\u00f7"
    r"\u02b9-\u02df\u02ee\u2000-\u200a\u2010-\u2029\u202f-\u205f\u2070\u2074-\u207e\u20a0-\u20c0\u2190-\u2bff"
    r"\u2e00-\u2e7f\u3000-\u303f\ufffd]"
)
ACCENTS = r"[\u0300-\u033f\u0341-\u036f]"


def replaced(text, pattern, replacement):
    return models.Func(
        text,
        models.Value(pattern),
        models.Value(replacement),
        models.Value("g"),
        function="regexp_replace",
        output_field=models.TextField(),
    )


def vector():
    text = replaced(replaced(models.F("text"), CALL, " "), MARKUP, r"\1")
    text = replaced(replaced(replaced(text, JOINED, ""), DOTTED, r"\1"), PARTED, " ")
    text = models.Func(text, template="normalize(%(expressions)s, NFKC)", output_field=models.TextField())
    text = replaced(replaced(text, PARTED, " "), ACCENTS, "")
    return models.GeneratedField(
        db_persist=True,
        expression=django.contrib.postgres.search.SearchVector(text, config="english"),
        output_field=django.contrib.postgres.search.SearchVectorField(),
    )


def made_again(model):
    """The expression of a generated column cannot be changed: the column, and its index, is made again."""
    index = django.contrib.postgres.indexes.GinIndex(fields=["search"], name=f"{model}_search")
    return [
        migrations.RemoveIndex(model_name=model, name=f"{model}_search"),
        migrations.RemoveField(model_name=model, name="search"),
        migrations.AddField(model_name=model, name="search", field=vector()),
        migrations.AddIndex(model_name=model, index=index),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0016_variants"),
    ]

    operations = [*made_again("paragraph"), *made_again("note")]
