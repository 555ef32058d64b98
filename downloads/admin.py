"""Task management in the administration: rows are looked at and acted upon, never edited into a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from downloads import actions, intake, verbs
from downloads.engine.space import readable
from downloads.labels import WORDS, sentence
from downloads.models import Batch, Download, Priority
from downloads.preview import IntakeRefused
from downloads.states import Status
from hosts.base import Problem

if TYPE_CHECKING:
    DownloadBase = admin.ModelAdmin[Download]
    BatchBase = admin.ModelAdmin[Batch]
else:
    DownloadBase = BatchBase = admin.ModelAdmin  # subscriptable for type checkers only


READ_ONLY = (
    *(
        "title",
        "url",
        "host",
        "account_email",
        "batch",
        "status",
        "why",
        "caution",
        "percent",
        "rate",
        "length",
        "downloaded",
    ),
    *("root", "directory", "path", "checksum", "attempts", "created_at", "started_at", "finished_at"),
)


class LinksForm(forms.Form):
    links = forms.CharField(label=_("Links"), max_length=intake.MOST_TEXT, widget=forms.Textarea)
    directory = forms.CharField(label=_("Folder below the download folder"), max_length=2000, required=False)
    password = forms.CharField(label=_("Password of the share"), max_length=256, required=False, strip=False)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )


class Kept(admin.SimpleListFilter):
    """Removed rows stay for a while so that removing can be undone; they are shown only when asked for."""

    title = _("removed")
    parameter_name = "removed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Removed, can be restored"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Download]) -> QuerySet[Download]:
        return queryset.filter(removed_at__isnull=self.value() != "yes")


@admin.register(Download)
class DownloadAdmin(DownloadBase):
    list_display = ["title", "status", "why", "percent", "rate", "length", "host", "priority", "created_at"]
    list_filter = ["status", "host", "priority", Kept, "created_at"]
    list_select_related = ["batch"]
    list_per_page = 50
    search_fields = ["name", "url", "directory"]
    actions = ["pause", "resume", "retry", "remove", "remove_with_file", "restore", "low", "normal", "high"]
    readonly_fields = READ_ONLY
    fields = ("priority", "speed_limit", *READ_ONLY)

    def save_model(self, request: HttpRequest, obj: Download, form: Any, change: bool) -> None:
        """Priority and speed limit are what can be edited."""
        only = Download.objects.filter(pk=obj.pk)
        actions.set_priority(only, Priority(obj.priority))
        actions.set_speed_limit(only, obj.speed_limit)

    def has_delete_permission(self, request: HttpRequest, obj: Download | None = None) -> bool:
        """Rows are removed by the action, which can be undone."""
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Links in, rows out: by the same way as on the queue page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = LinksForm(request.POST or None)
        if form.is_valid():
            data = form.cleaned_data
            wishes = {name: data[name] for name in ("directory", "password", "priority")}
            try:
                added = intake.add(data["links"], **wishes)
            except Problem as problem:
                form.add_error("links", sentence(problem))
            else:
                self.message_user(request, added_message(added))
                return redirect("admin:downloads_download_changelist")
        context = {**self.admin_site.each_context(request), "form": form, "title": gettext("Add links")}
        status = 422 if form.errors else 200
        return render(request, "admin/downloads/add_links.html", context, status=status)

    @admin.display(description=_("name"), ordering="name")
    def title(self, row: Download) -> str:
        return str(row)

    @admin.display(description=_("reason"))
    def why(self, row: Download) -> str:
        return sentence(row.reason)

    @admin.display(description=_("warning"))
    def caution(self, row: Download) -> str:
        return sentence(row.warning)

    @admin.display(description=_("progress"))
    def percent(self, row: Download) -> str:
        return f"{row.progress:.0f} %"

    @admin.display(description=_("speed"), ordering="speed")
    def rate(self, row: Download) -> str:
        return f"{readable(row.speed)}/s" if row.speed else "–"

    @admin.display(description=_("size"), ordering="size")
    def length(self, row: Download) -> str:
        return readable(row.size) if row.size is not None else "–"

    @admin.action(permissions=["change"], description=_("Pause"))
    def pause(self, request: HttpRequest, rows: QuerySet[Download]) -> None:
        self.apply(request, "pause", rows)

    @admin.action(permissions=["change"], description=_("Resume"))
    def resume(self, request: HttpRequest, rows: QuerySet[Download]) -> None:
        self.apply(request, "resume", rows)

    @admin.action(permissions=["change"], description=_("Retry; complete ones are downloaded anew"))
    def retry(self, request: HttpRequest, rows: QuerySet[Download]) -> None:
        self.apply(request, "retry", rows)

    @admin.action(permissions=["change"], description=_("Remove, keep the files"))
    def remove(self, request: HttpRequest, rows: QuerySet[Download]) -> None:
        self.message_user(request, removed_message(actions.remove(by_key(rows))))

    @admin.action(permissions=["change"], description=_("Remove and delete the files"))
    def remove_with_file(self, request: HttpRequest, rows: QuerySet[Download]) -> None:
        self.message_user(request, removed_message(actions.remove(by_key(rows), with_file=True)))

    @admin.action(permissions=["change"], description=_("Restore what was removed"))
    def restore(self, request: HttpRequest, rows: QuerySet[Download]) -> None:
        self.message_user(request, count_message(actions.restore(by_key(rows))))

    @admin.action(permissions=["change"], description=_("Priority: low"))
    def low(self, request: HttpRequest, rows: QuerySet[Download]) -> None:
        self.message_user(request, count_message(actions.set_priority(by_key(rows), Priority.LOW)))

    @admin.action(permissions=["change"], description=_("Priority: normal"))
    def normal(self, request: HttpRequest, rows: QuerySet[Download]) -> None:
        self.message_user(request, count_message(actions.set_priority(by_key(rows), Priority.NORMAL)))

    @admin.action(permissions=["change"], description=_("Priority: high"))
    def high(self, request: HttpRequest, rows: QuerySet[Download]) -> None:
        self.message_user(request, count_message(actions.set_priority(by_key(rows), Priority.HIGH)))

    def apply(self, request: HttpRequest, verb: str, rows: QuerySet[Download]) -> None:
        outcome = verbs.apply(verb, by_key(rows))
        self.message_user(request, count_message(outcome.changed))
        for row in outcome.refused[:5]:
            left = gettext("“{name}” is left as it is: {status}.").format(name=row, status=WORDS[Status(row.status)])
            self.message_user(request, left, messages.WARNING)


@admin.register(Batch)
class BatchAdmin(BatchBase):
    """Batches come and go with their rows; the actions are about those."""

    list_display = ["name", "files", "url", "created_at"]
    search_fields = ["name", "url"]
    readonly_fields = ("name", "url", "directory", "created_at")
    actions = ["pause", "resume", "retry", "revisit", "remove"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return super().get_queryset(request).annotate(files=Count("downloads"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Batch | None = None) -> bool:
        return False

    @admin.display(description=_("files"), ordering="files")
    def files(self, batch: Any) -> int:
        return int(batch.files)

    @admin.action(permissions=["change"], description=_("Pause"))
    def pause(self, request: HttpRequest, batches: QuerySet[Batch]) -> None:
        self.apply(request, "pause", batches)

    @admin.action(permissions=["change"], description=_("Resume"))
    def resume(self, request: HttpRequest, batches: QuerySet[Batch]) -> None:
        self.apply(request, "resume", batches)

    @admin.action(permissions=["change"], description=_("Retry what failed or waits"))
    def retry(self, request: HttpRequest, batches: QuerySet[Batch]) -> None:
        self.apply(request, "retry", batches)

    @admin.action(permissions=["change"], description=_("Look for new files in their folders"))
    def revisit(self, request: HttpRequest, batches: QuerySet[Batch]) -> None:
        for batch in Batch.objects.filter(pk__in=[batch.pk for batch in batches]).exclude(url=""):
            try:
                self.message_user(request, f"{batch}: {added_message(intake.revisit(batch))}")
            except IntakeRefused as problem:
                self.message_user(request, f"{batch}: {sentence(problem)}", messages.WARNING)

    @admin.action(permissions=["change"], description=_("Remove, keep the files"))
    def remove(self, request: HttpRequest, batches: QuerySet[Batch]) -> None:
        rows = verbs.everything("remove").filter(batch__in=[batch.pk for batch in batches])
        self.message_user(request, removed_message(actions.remove(rows)))

    def apply(self, request: HttpRequest, verb: str, batches: QuerySet[Batch]) -> None:
        rows = verbs.everything(verb).filter(batch__in=[batch.pk for batch in batches])
        self.message_user(request, count_message(verbs.apply(verb, rows).changed))


def by_key(rows: QuerySet[Download]) -> QuerySet[Download]:
    """The same rows, whatever filters and joins the list has: an action changes what the filters look at."""
    return Download.objects.filter(pk__in=rows.order_by().values("pk"))


def count_message(count: int) -> str:
    return ngettext("%(count)d download changed.", "%(count)d downloads changed.", count) % {"count": count}


def removed_message(count: int) -> str:
    removed = ngettext("%(count)d download removed.", "%(count)d downloads removed.", count) % {"count": count}
    undo = gettext("To undo it, filter by “removed” within ten minutes and restore.")
    return f"{removed} {undo}"


def added_message(added: list[actions.Added]) -> str:
    new = sum(one.is_new for one in added)
    message = ngettext("%(count)d download added.", "%(count)d downloads added.", new) % {"count": new}
    here = len(added) - new
    return message + (gettext(" %(count)d were here already.") % {"count": here} if here else "")
