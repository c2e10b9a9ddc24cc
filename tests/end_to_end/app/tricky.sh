#!/bin/cat
It's "quoted" and `back-ticked`: $HOME $$ ${HOME} $(whoami) \n \\ !!
{{ x }} {{Environment}} {{ssm:/prod/db}} {{ ssm:/prod/db:1 }} {{global:DATE}}
日本語、絵文字 🚀, ümläut, a tab	here, trailing blanks   
%s %d <!channel> <script>alert(1)</script> & ;|>

SCRIPT
ENVIRONMENT
no newline at the end