"""The government messenger (政务微信, 浙政钉 …) through its gateway, else the local sink."""

from chengyun.notices.channels import channels
from chengyun.notices.channels.gateway import ByGateway

channels.register("gov_im", ByGateway("gov_im"))
