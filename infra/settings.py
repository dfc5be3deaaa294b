"""Every setting, from environment variables `YINGSHAO_…`. Nothing else reads the environment."""

from datetime import timedelta
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One value a line, with a default wherever an installation can do without."""

    model_config = SettingsConfigDict(env_prefix="YINGSHAO_", hide_input_in_errors=True, extra="ignore")

    database_url: SecretStr = Field(description="PostgreSQL, as postgresql+asyncpg://user:password@host/database")
    database_pool: int = Field(default=10, ge=1, le=200, description="connections a process keeps")
    temporal_address: str = Field(default="127.0.0.1:7233", description="host:port of Temporal's frontend")
    temporal_namespace: str = Field(default="default", description="Temporal namespace")
    token_secret: SecretStr = Field(description="signs bearer tokens; at least 32 characters", min_length=32)
    host: str = Field(default="127.0.0.1", description="address the API listens on")
    port: int = Field(default=8080, ge=0, le=65535, description="port the API listens on")
    base_url: str = Field(default="", description="how others reach the API; default http://host:port")
    attachments_limit: int = Field(default=10 * 1024 * 1024, description="largest attachment, bytes")
    time_shift: timedelta = Field(default=timedelta(0), description="moves the process's clock; rehearsals only")
    rehearsal: bool = Field(default=False, description="allows time_shift")
    policy: str = Field(default="", description="name of the policy for new cases; default the city's own")
    log_level: str = Field(default="INFO", description="lowest level that is logged")
    otlp_endpoint: str = Field(default="", description="OpenTelemetry collector (OTLP over HTTP); empty: no export")
    metrics_port: int = Field(default=0, ge=0, le=65535, description="port of a worker's metrics; 0: none")

    @model_validator(mode="after")
    def _shift_only_in_rehearsals(self) -> Self:
        if self.time_shift and not self.rehearsal:
            raise ValueError("time_shift needs rehearsal")
        return self

    @property
    def public_url(self) -> str:
        """The root that links and `reply_to` start with, without a slash at the end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")
