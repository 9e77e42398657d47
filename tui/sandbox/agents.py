"""The agents of the sandbox, and who may use which."""

from dataclasses import dataclass
from typing import Any

from tui.sandbox.people import ROLES, Person


@dataclass(frozen=True)
class Agent:
    """An agent, visible to users with one of the roles or in one of the groups."""

    id: str
    name: str
    description: str
    suggestions: tuple[str, ...]
    topics: tuple[str, ...]
    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def is_seen_by(self, person: Person) -> bool:
        """Return whether this user may see and use the agent."""
        return person.role in self.roles or not self.groups.isdisjoint(person.groups)

    def listed(self) -> dict[str, Any]:
        """Return the agent as in ListAgents."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "botSuggestion": list(self.suggestions),
        }


AGENTS = (
    Agent(
        "agent-0",
        "Policy Q&A",
        "Answers questions on the AI policy, with the paragraph it rests on.",
        ("May I put customer mail into a chatbot?", "Who approves a high-risk system?"),
        ("Acceptable use of chatbots", "Retention of prompts", "Approval of a pilot", "Open-source models"),
        roles=frozenset(ROLES),
    ),
    Agent(
        "agent-1",
        "Vendor Risk Assessor",
        "Reads a vendor's answers and drafts the risk assessment.",
        ("Compare the two transcription vendors", "What is missing in the SOC 2 report?"),
        ("Vendor risk, Q3", "Transcription vendor", "Sub-processors abroad", "Onboarding of a cloud provider"),
        roles=frozenset({"Admin", "Risk Manager"}),
        groups=frozenset({"Vendor Risk"}),
    ),
    Agent(
        "agent-2",
        "Model Card Writer",
        "Turns an evaluation into a model card and says what it leaves open.",
        ("Draft the card for claims-triage 4.2", "Which groups were not evaluated?"),
        ("Claims triage 4.2", "Drift since March", "Fairness by age band", "Churn model card"),
        roles=frozenset({"Admin"}),
        groups=frozenset({"Model Governance", "Data Science"}),
    ),
    Agent(
        "agent-3",
        "Incident Triage",
        "Grades a reported incident and names who has to be told, and by when.",
        ("A chatbot quoted another customer's contract", "Is this reportable?"),
        ("Wrong dosage suggested", "Prompt injection by mail", "Leaked contract", "Model outage on Friday"),
        roles=frozenset({"Admin", "Risk Manager"}),
        groups=frozenset({"Incident Response", "Clinical Safety"}),
    ),
    Agent(
        "agent-4",
        "Privacy Impact Guide",
        "Leads through a data protection impact assessment, question by question.",
        ("Do we need an assessment for call summaries?",),
        ("Call summaries", "Works agreement", "Training data with names", "Deletion requests"),
        roles=frozenset({"Admin"}),
        groups=frozenset({"Privacy", "Works Council"}),
    ),
    Agent(
        "agent-5",
        "Control Evidence Reviewer",
        "Checks evidence against the control it is meant to prove.",
        ("Does this log prove human oversight?", "List the controls without evidence"),
        ("Human oversight, sample 7", "Access reviews", "Change approvals", "Evidence for ISO 42001"),
        roles=frozenset({"Admin", "Auditor"}),
        groups=frozenset({"Internal Audit"}),
    ),
    Agent(
        "agent-6",
        "Regulation Watch",
        "Follows the EU AI Act and its kin, and says what changed for us.",
        ("What applies from August?", "Which of our systems are high-risk?"),
        ("AI Act timeline", "Annex III mapping", "Codes of practice", "Standards in draft"),
        roles=frozenset({"Admin", "Risk Manager", "Auditor", "Monitor"}),
    ),
    Agent(
        "agent-7",
        "Board Report Drafter",
        "Condenses the quarter's risks into two pages for the board.",
        ("Draft the report for Q3",),
        ("Board report, Q3", "Risk appetite", "Top ten risks"),
        roles=frozenset({"Admin"}),
    ),
)

BY_ID = {agent.id: agent for agent in AGENTS}


def seen_by(person: Person) -> list[Agent]:
    """Return the agents that this user sees, at least one."""
    return [agent for agent in AGENTS if agent.is_seen_by(person)]
