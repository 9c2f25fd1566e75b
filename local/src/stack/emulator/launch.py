"""Starts ministack with two of its answers put right, so that the local AWS behaves like AWS and no function has to
behave like ministack, and out of reach of what a browser shows. Names of ministack that are gone stop it here, at the start."""

import json
import os
import signal
import sys
import threading
import urllib.parse

from ministack import app as ministack
from ministack.core import iam_actions
from ministack.services import dynamodb, lambda_svc


def end_with_standard_input():
    """Ministack cannot outlive the process that started it, not even if that process is killed."""

    def watch():
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def allow_publish_batch_by_publish():
    """IAM knows no action for PublishBatch: it asks for sns:Publish."""
    extract = iam_actions.extract_iam_action

    def extract_iam_action(*arguments):
        action = extract(*arguments)
        return "sns:Publish" if action == "sns:PublishBatch" else action

    iam_actions.extract_iam_action = extract_iam_action


def go_on_from_the_first_failure():
    """A function behind a table's stream that names failed records gets the batch again from the first of them, where
    ministack would skip them. A name that is no record's fails the whole batch."""
    execute, poll = lambda_svc._execute_function, lambda_svc._poll_dynamodb_streams
    positions, lock = lambda_svc._dynamodb_stream_positions, lambda_svc._dynamodb_stream_positions_lock
    poller = threading.local()

    def poll_dynamodb_streams():
        poller.is_at_work = True
        try:
            return poll()
        finally:
            poller.is_at_work = False

    def execute_function(function, event):
        result = execute(function, event)
        # Anybody may invoke the function with such an event: nothing but the poller reads a stream.
        if not getattr(poller, "is_at_work", False) or result.get("error"):
            return result
        mapping = mapping_of(function, event)
        failures = failures_of(result) if mapping else []
        if not failures:
            return result
        batch = event["Records"]
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        first = min((numbers.index(name) if name in numbers else 0) for name in failures)
        if first > 0:
            table = mapping["EventSourceArn"].split("/")[1]
            with lock:
                position = positions[mapping["UUID"]]
                ahead = dynamodb.stream_records_since(table, position, mapping.get("BatchSize", 100))
                read = [record["dynamodb"]["SequenceNumber"] for record in ahead]
                positions[mapping["UUID"]] = position + read.index(numbers[first])
            # The poller ages and gives up what is left of the batch, and it waits before it comes back.
            del batch[:first]
        return {**result, "error": True, "body": {"errorType": "BatchItemFailures", "errorMessage": numbers[first]}}

    def mapping_of(function, event):
        config = function.get("config") or function
        records = event.get("Records") or [{}]
        for mapping in list(lambda_svc._esms.values()):
            is_source = mapping.get("EventSourceArn") == records[0].get("eventSourceARN")
            if is_source and mapping["FunctionName"] == config["FunctionName"]:
                return mapping if "ReportBatchItemFailures" in mapping.get("FunctionResponseTypes", []) else None
        return None

    def failures_of(result):
        body = result.get("body")
        if isinstance(body, (str, bytes)):
            body = json.loads(body or "null")
        failures = (body or {}).get("batchItemFailures") or []
        return [failure.get("itemIdentifier") for failure in failures]

    lambda_svc._execute_function = execute_function
    lambda_svc._poll_dynamodb_streams = poll_dynamodb_streams


def refuse_pages():
    """Whoever calls may make a function of any program and run it, with keys that everybody knows. A browser says whose
    page has sent a request, or how far from here, or calls by the name that it has the page from: no caller of AWS does.
    Earlier browsers say nothing with an image or a link, which can do what its address says: callers of AWS post actions.
    Pages may call the deployed API, as its gateway passes on what they say."""
    answer, api_of = ministack.app, ministack._parse_execute_api_url
    own = ("127.0.0.1", "localhost")

    async def answer_no_page(scope, receive, send):
        headers = [(name.lower(), value.decode("latin-1")) for name, value in scope.get("headers", [])]
        hosts = [value.rsplit(":", 1)[0].lower() for name, value in headers if name == b"host"]
        is_called_otherwise = any(host not in own and not host.endswith(".localhost") for host in hosts)
        is_of_a_page = any(name in (b"origin", b"sec-fetch-site") for name, _ in headers)
        asked = urllib.parse.parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        is_a_link = scope.get("method") != "POST" and "Action" in asked
        path = scope.get("path", "")
        # Without an API in it, ministack takes the path for any other.
        is_of_the_api = path.startswith("/_aws/execute-api/") and api_of("", path) is not None
        if not is_called_otherwise and (is_of_the_api or not (is_of_a_page or is_a_link)):
            return await answer(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close"})
        reason = b"no page may call this AWS: call it from a program, as 127.0.0.1 or localhost, and POST an Action\n"
        sent = [(b"content-type", b"text/plain"), (b"content-length", str(len(reason)).encode())]
        await send({"type": "http.response.start", "status": 403, "headers": sent})
        await send({"type": "http.response.body", "body": reason})

    ministack.app = answer_no_page


end_with_standard_input()
allow_publish_batch_by_publish()
go_on_from_the_first_failure()
refuse_pages()
ministack.main()
