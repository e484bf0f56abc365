"""What requests look like, for the documentation."""

SECTION = {
    "body": "编制公共数据目录120项，接入一网统管专题2个。",
    "problems": "历史数据标准不一。",
    "next_steps": "六月底前完成分类分级。",
    "completion": "under_way",
    "items": ["shenzhen-2021-item-1-3"],
    "figures": [{"id": 1, "value": "120"}],
}
RETURN = {
    "remarks": [
        {
            "section": "shenzhen-2021-area-1",
            "field": "body",
            "reason": "no_figures",
            "text": "写明编目数量。",
        }
    ]
}
PERIOD = {
    "programme": "shenzhen-2021",
    "code": "2022Q2",
    "title": "2022年第二季度",
    "starts_on": "2022-04-01",
    "ends_on": "2022-06-30",
    "opens_on": "2022-07-01",
    "due_on": "2022-07-15",
    "basis_title": "关于报送2022年第二季度首席数据官履职进展的通知",
    "figures": [{"area": "shenzhen-2021-area-2", "name": "数据目录编制数量", "unit_label": "项"}],
}
DISPATCH = {
    "signed_by_name": "李明",
    "document_number": "示例函〔2022〕9号",
    "sent_on": "2022-05-10",
    "receiver": "440000-zsj",
}
