"""Short messages through the city's SMS gateway (`gateways/sms.yaml`), else the local sink."""

from chengyun.notices.channels import channels
from chengyun.notices.channels.gateway import ByGateway

channels.register("sms", ByGateway("sms"))
