"""Mail by SMTP, where CHENGYUN_MAIL_URL names a server; else the local sink.

`smtp://user:password@host:587?from=desk@example.org` (STARTTLS unless `starttls=0`), or `smtps://`.
"""

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from chengyun.notices.channels import channels
from chengyun.notices.decide.outgoing import Answer, Outgoing

TIMEOUT_S = 15
PERMANENT = 500


class Mail:
    """One message a try; its Message-ID stays the same over the tries."""

    outside = True

    def send(self, out: Outgoing) -> Answer:
        """Hand it to the mail server."""
        if not out.mail:
            return Answer("failed", error="no address")
        if not settings.MAIL_URL:
            return Answer("sent", receipt=f"sink:{out.key}", sunk=True)
        backend, sender = _server(settings.MAIL_URL)
        title, body = out.words()
        ident = f"<{out.key}@{sender.rpartition('@')[2] or 'localhost'}>"
        headers = {"Message-ID": ident, "Auto-Submitted": "auto-generated"}
        text = f"{body}\n\n{out.link}\n" if out.link and out.link not in body else f"{body}\n"
        # One line: a title with line breaks would forge headers (Django refuses it as well).
        subject = " ".join(title.split())
        message = EmailMessage(subject, text, sender, [out.mail], headers=headers)
        try:
            backend.send_messages([message])
        except SMTPRecipientsRefused as refused:
            code = max((said[0] for said in refused.recipients.values()), default=0)
            return _refused(code)
        except (SMTPSenderRefused, SMTPResponseException) as refused:
            return _refused(refused.smtp_code)
        except (OSError, SMTPException) as fault:
            return Answer("later", error=type(fault).__name__)
        except ValueError:
            return Answer("failed", error="the message cannot be written as mail")
        return Answer("sent", receipt=ident)


def _refused(code: int) -> Answer:
    # The server's words may repeat the address, so only its number is kept.
    return Answer("failed" if code >= PERMANENT else "later", error=f"SMTP {code}")


def _server(url: str) -> tuple[EmailBackend, str]:
    parts = urlsplit(url)
    asked = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    implicit = parts.scheme == "smtps"
    user = unquote(parts.username or "")
    backend = EmailBackend(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if implicit else 587),
        username=user,
        password=unquote(parts.password or ""),
        use_ssl=implicit,
        use_tls=not implicit and asked.get("starttls") != "0",
        timeout=TIMEOUT_S,
        fail_silently=False,
    )
    return backend, asked.get("from") or user or "chengyun@localhost"


channels.register("mail", Mail())
