"""An agent over HTTP in the standard library: POST a trial, get an answer. A word list stands in for a model."""
import hashlib, json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GOOD = {"great", "love", "excellent", "wonderful", "happy", "perfect", "fine", "best"}


def answer(trial):
    prompt = trial["prompts"][trial["agent_type"]]
    asked = " ".join(m["content"] for m in prompt["messages"]).lower()
    text = trial["benchmark"]["input"].lower()
    label = "positive" if GOOD & set(text.replace(".", " ").replace(",", " ").split()) else "negative"
    # What a real model does too: the clearer the prompt, the more often its answer can be used.
    clear = sum(hint in asked for hint in ("only", "exactly", "label", "check", "example", "before"))
    luck = hashlib.sha256(f"{text}{trial['seed']}{trial['repeat']}".encode()).digest()[0] / 256
    rambling = luck > 0.4 + 0.2 * clear
    return "Hard to say: negative or positive, it depends." if rambling and label == "positive" else "I cannot tell." if rambling else label


class Agent(BaseHTTPRequestHandler):
    def do_POST(self):
        trial = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body = json.dumps({"contract": 1, "output": answer(trial), "cost_usd": 0}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8900), Agent)
print(f"listening on {server.server_port}", flush=True)
server.serve_forever()
